"""Register import: upload, look at the preview, confirm or drop. Everybody sees their own uploads only."""

import uuid
from collections import Counter
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import HEADER, idempotent
from api.parsers import StrictJSONParser
from api.views.base import ApiView
from coordination import clock
from coordination.models import RegisterImport
from coordination.permissions import Permission
from coordination.register_import import results, tasks
from coordination.services import register_imports
from coordination.wake import wake
from coordination.workbook.opening import Limits


class ImportSerializer(serializers.ModelSerializer[RegisterImport]):
    """An upload, without what it holds."""

    class Meta:
        model = RegisterImport
        fields = (
            *("key", "state", "file_name", "uploaded_at", "errors", "refusal_code", "refusal"),
            *("skip_errors", "confirmed_at", "finished_at"),
        )


class ProblemSerializer(serializers.Serializer[Any]):
    """What to mend, at its cell."""

    sheet = serializers.CharField()
    row = serializers.IntegerField(allow_null=True)
    column = serializers.CharField(allow_null=True)
    code = serializers.CharField()
    severity = serializers.CharField()
    message = serializers.CharField(source="sentence")


class PreviewSerializer(ImportSerializer):
    """The preview: how far the reading is, how many rows are new, changed or unchanged, every problem."""

    percent = serializers.SerializerMethodField()
    outcomes = serializers.SerializerMethodField()
    problems = serializers.SerializerMethodField()

    class Meta:
        model = RegisterImport
        fields = (*ImportSerializer.Meta.fields, "percent", "outcomes", "problems")

    def get_percent(self, upload: RegisterImport) -> int:
        return register_imports.progress(upload)

    def get_outcomes(self, upload: RegisterImport) -> dict[str, dict[str, int]]:
        """By sheet, how many rows come to what."""
        found: dict[str, Counter[str]] = {}
        for row in results.rows_from_json(upload.rows):
            found.setdefault(row.sheet, Counter())[row.outcome.value] += 1
        return {sheet: dict(counts) for sheet, counts in found.items()}

    @extend_schema_field(ProblemSerializer(many=True))
    def get_problems(self, upload: RegisterImport) -> list[dict[str, Any]]:
        problems = results.problems_from_json(upload.problems)
        return list(ProblemSerializer(problems, many=True).data)


class UploadRequest(serializers.Serializer[Any]):
    file = serializers.FileField(max_length=200, help_text="An Excel workbook (.xlsx).")

    def validate_file(self, file: Any) -> Any:
        most = Limits().file_bytes
        if file.size > most:
            raise serializers.ValidationError(
                _("The file is larger than %(megabytes)d MB.") % {"megabytes": most // 2**20}
            )
        return file


class ConfirmRequest(serializers.Serializer[Any]):
    """Whether rows with errors are left out and the rest is written."""

    skip_errors = serializers.BooleanField(default=False)


class RegisterImports(ListModelMixin, RetrieveModelMixin, ApiView):
    permissions = {
        "list": Permission.IMPORT_REGISTER,
        "retrieve": Permission.IMPORT_REGISTER,
        "create": Permission.IMPORT_REGISTER,
        "confirm": Permission.IMPORT_REGISTER,
        "destroy": Permission.IMPORT_REGISTER,
    }
    serializer_class = ImportSerializer
    queryset = RegisterImport.objects.all()
    lookup_field = "key"
    parser_classes = (StrictJSONParser, MultiPartParser)
    lookup_value_regex = "[0-9a-f-]{36}"

    def get_queryset(self) -> QuerySet[RegisterImport]:
        rows = RegisterImport.objects.visible_to(self.person).defer("content")
        return rows.defer("content", "problems", "rows") if self.action == "list" else rows

    @extend_schema(responses=PreviewSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(PreviewSerializer(self.get_object()).data)

    @extend_schema(
        request={"multipart/form-data": UploadRequest}, responses={201: ImportSerializer}
    )
    @idempotent
    def create(self, request: Request) -> Response:
        """Upload a workbook; a worker reads it, and nothing is written before it is confirmed."""
        form = UploadRequest(data=request.data)
        form.is_valid(raise_exception=True)
        file = form.validated_data["file"]
        file.seek(0)  # this may be a second try
        named = request.headers.get(HEADER)
        of_header = uuid.uuid5(uuid.NAMESPACE_URL, f"{self.person.pk}:import:{named}")
        upload = register_imports.upload(
            key=of_header if named else uuid.uuid4(),
            file_name=file.name,
            content=file.read(),
            by=self.person,
            now=clock.now(),
        )
        wake(tasks.work, import_id=upload.pk)
        return Response(self.read(upload), status=201)

    @extend_schema(request=ConfirmRequest, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def confirm(self, request: Request, **kwargs: Any) -> Response:
        """Have it written, all in one transaction."""
        upload = self.get_object()
        form = ConfirmRequest(data=request.data)
        form.is_valid(raise_exception=True)
        register_imports.confirm(upload, **form.validated_data, by=self.person, now=clock.now())
        wake(tasks.work, import_id=upload.pk)
        return Response(self.read(upload))

    @idempotent
    def destroy(self, request: Request, **kwargs: Any) -> Response:
        """Forget the upload; nothing was written."""
        register_imports.drop(self.get_object(), now=clock.now())
        return Response(status=204)
