"""Register import: upload, look, confirm. Everybody sees their own uploads only."""

import csv
import uuid
from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coordination import clock
from coordination.access import UserRequest, requires
from coordination.errors import Refused
from coordination.forms.register_import import ConfirmForm, UploadForm
from coordination.models import RegisterImport
from coordination.models.register_import import RegisterImportState
from coordination.permissions import Permission
from coordination.register_import import results, tasks
from coordination.register_import.planning import Outcome, PlannedRow
from coordination.services import register_imports
from coordination.spreadsheets import safe_text
from coordination.wake import wake
from coordination.workbook.problems import Problem, Severity

_A_PAGE = 50


@requires(Permission.IMPORT_REGISTER)
@require_http_methods(["GET", "POST"])
def index(request: UserRequest) -> HttpResponse:
    """Upload a workbook; one's uploads of the last day."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        upload = register_imports.upload(
            key=form.cleaned_data["key"],
            file_name=file.name,
            content=file.read(),
            by=request.user,
            now=clock.now(),
        )
        wake(tasks.work, import_id=upload.pk)
        return redirect("register_import", key=upload.key)
    uploads = RegisterImport.objects.visible_to(request.user).defer("content", "problems", "rows")
    context = {"title": _("Register import"), "form": form, "uploads": uploads[:10]}
    status = 422 if form.is_bound else 200
    return render(request, "coordination/register_import/index.html", context, status=status)


@requires(Permission.IMPORT_REGISTER)
@require_GET
def detail(request: UserRequest, key: uuid.UUID) -> HttpResponse:
    """How far it is; then what would change and what is wrong; then what was written."""
    upload = _get(request, key)
    return render(request, "coordination/register_import/detail.html", _context(request, upload))


@requires(Permission.IMPORT_REGISTER)
@require_GET
def progress(request: UserRequest, key: uuid.UUID) -> HttpResponse:
    """The moving part of the page; when the work is done, the page is loaded anew."""
    upload = _get(request, key)
    if not upload.is_working:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {"upload": upload, "percent": register_imports.progress(upload)}
    return render(request, "coordination/register_import/progress.html", context)


@requires(Permission.IMPORT_REGISTER)
@require_POST
def confirm(request: UserRequest, key: uuid.UUID) -> HttpResponse:
    """Have it written. A second click changes nothing."""
    upload = _get(request, key)
    form = ConfirmForm(request.POST)
    form.is_valid()
    try:
        register_imports.confirm(
            upload,
            skip_errors=bool(form.cleaned_data.get("skip_errors")),
            by=request.user,
            now=clock.now(),
        )
    except Refused as refused:
        form.add_error("skip_errors" if refused.code == "has_errors" else None, str(refused))
        context = _context(request, upload) | {"form": form}
        return render(request, "coordination/register_import/detail.html", context, status=422)
    wake(tasks.work, import_id=upload.pk)
    return redirect("register_import", key=upload.key)


@requires(Permission.IMPORT_REGISTER)
@require_POST
def drop(request: UserRequest, key: uuid.UUID) -> HttpResponse:
    """Forget the upload; nothing was written, so nothing is lost but the file."""
    upload = _get(request, key)
    try:
        register_imports.drop(upload, now=clock.now())
        messages.success(
            request, _("The upload was dropped and the file deleted. Nothing was written.")
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("register_import", key=upload.key)
    return redirect("register_imports")


@requires(Permission.IMPORT_REGISTER)
@require_GET
def problems_csv(request: UserRequest, key: uuid.UUID) -> HttpResponse:
    """The problems as a file to work through beside the workbook: UTF-8 with BOM, semicolons."""
    upload = _get(request, key)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_("problems")}.csv"'
    writer = csv.writer(response, delimiter=";")
    writer.writerow([_("Sheet"), _("Row"), _("Column"), _("Level"), _("What to mend")])
    for problem in results.problems_from_json(upload.problems):
        cells = (problem.sheet, problem.column, _level(problem.severity), problem.sentence())
        sheet, column, level, sentence = map(safe_text, cells)
        writer.writerow([sheet, problem.row, column, level, sentence])
    return response


def _level(severity: Severity) -> str:
    words = {Severity.ERROR: _("error"), Severity.WARNING: _("warning"), Severity.NOTE: _("note")}
    return words[severity]


def _get(request: UserRequest, key: uuid.UUID) -> RegisterImport:
    uploads = RegisterImport.objects.visible_to(request.user).defer("content")
    return get_object_or_404(uploads, key=key)


def _context(request: UserRequest, upload: RegisterImport) -> dict[str, Any]:
    problems = results.problems_from_json(upload.problems)
    rows = results.rows_from_json(upload.rows)
    show = request.GET.get("show", "")
    outcomes = Counter(row.outcome for row in rows)
    context: dict[str, Any] = {
        "title": upload.file_name,
        "upload": upload,
        "percent": register_imports.progress(upload),
        "form": ConfirmForm(),
        "filters": _filters(problems, outcomes),
        "sheets": _sheets(rows),
        "left_out": outcomes[Outcome.ERROR] + outcomes[Outcome.WAITS],
        "to_write": outcomes[Outcome.NEW] + outcomes[Outcome.CHANGED],
        "is_ready": upload.state == RegisterImportState.READY,
        "is_done": upload.state == RegisterImportState.DONE,
    }
    if show in set(Outcome):
        listed = [row for row in rows if row.outcome == show]
        page: Any = Paginator(listed, _A_PAGE).get_page(request.GET.get("page"))
        context["rows"] = [
            (row, list(results.told_changes(row)), results.told_effects(row)) for row in page
        ]
    else:
        show = show if show in set(Severity) else _worst(problems)
        listed_problems = [problem for problem in problems if problem.severity == show]
        page = Paginator(listed_problems, _A_PAGE).get_page(request.GET.get("page"))
        context["problems"] = list(page)
    return context | {"show": show, "page": page}


def _worst(problems: list[Problem]) -> str:
    there = {problem.severity for problem in problems}
    return next((level for level in Severity if level in there), Severity.ERROR)


def _filters(problems: list[Problem], outcomes: Counter[Outcome]) -> list[tuple[str, str, int]]:
    """What can be shown: value, word, how many."""
    levels = Counter(problem.severity for problem in problems)
    found = [
        (Severity.ERROR, _("Errors"), levels[Severity.ERROR]),
        (Severity.WARNING, _("Warnings"), levels[Severity.WARNING]),
        (Severity.NOTE, _("Notes"), levels[Severity.NOTE]),
        (Outcome.NEW, _("New"), outcomes[Outcome.NEW]),
        (Outcome.CHANGED, _("Changed"), outcomes[Outcome.CHANGED]),
        (Outcome.UNCHANGED, _("Unchanged"), outcomes[Outcome.UNCHANGED]),
        (Outcome.WAITS, _("Waiting for another row"), outcomes[Outcome.WAITS]),
    ]
    # a row's error and a problem's error are one filter: the problems say what to mend
    return [(str(value), word, count) for value, word, count in found if count]


def _sheets(rows: list[PlannedRow]) -> list[tuple[str, Counter[str]]]:
    """New, changed, unchanged and left out rows of each sheet."""
    found: dict[str, Counter[str]] = {}
    for row in rows:
        outcome = row.outcome
        left_out = outcome in {Outcome.ERROR, Outcome.WAITS}
        found.setdefault(row.sheet, Counter())["left_out" if left_out else str(outcome)] += 1
    return list(found.items())
