"""Addresses of the money pages."""

from django.urls import path

from billing.views import batches, closeout, earnings, lines, rules

app_name = "billing"

urlpatterns = [
    path("fees/", lines.index, name="lines"),
    path("fees/approve/", lines.approve, name="approve"),
    path("fees/<int:pk>/", lines.detail, name="line"),
    path("fees/<int:pk>/open/", lines.take_back, name="line_open"),
    path("fees/<int:pk>/correct/", lines.correct, name="line_correct"),
    path("fees/<int:pk>/reverse/", lines.reverse_line, name="line_reverse"),
    path("fees/<int:pk>/again/", lines.make_again, name="line_again"),
    path("fee-rules/", rules.index, name="rules"),
    path("fee-rules/new/", rules.new, name="rule_new"),
    path("fee-rules/<int:pk>/remove/", rules.remove, name="rule_remove"),
    path("batches/", batches.index, name="batches"),
    path("batches/lock/<str:period>/", batches.lock, name="batch_lock"),
    path("batches/<str:number>/", batches.detail, name="batch"),
    path("batches/<str:number>/export/", batches.export, name="export"),
    path("batches/<str:number>/<str:form>/", batches.download, name="download"),
    path("closeout/", closeout.index, name="closeouts"),
    path("closeout/<int:session_id>/", closeout.close, name="closeout"),
    path("presence/<int:assignment_id>/", closeout.amend, name="presence"),
    path("earnings/", earnings.own, name="earnings"),
]
