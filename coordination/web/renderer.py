"""How forms look everywhere: `{{ form }}` is a summary of errors and the fields."""

from django.forms.renderers import TemplatesSetting


class VuoroRenderer(TemplatesSetting):
    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"
