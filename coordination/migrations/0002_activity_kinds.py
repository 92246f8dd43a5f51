"""The forms of work the sources name, as rows an organisation may then change.

`source`: seed file and line (domain.md §1). Lengths other than the group's four hours are only starting values.
"""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

KINDS: list[dict[str, Any]] = [
    {
        "code": "lobby_shift",
        "name": ("aulatapaaminen", "möte i aulan", "lobby shift"),
        "purpose": (
            "Kokemusasiantuntija on aulassa tavattavissa ennen vastaanottoa ja sen jälkeen. Tavoitteena on "
            "lieventää pelkoja ja luoda turvallinen, leppoisa olo odotusaulaan.",
            "Erfarenhetsexperten finns på plats i aulan före och efter mottagningen. Målet är att lindra rädslor "
            "och skapa en trygg och lugn stämning i väntrummet.",
            "An expert by experience can be met in the lobby before and after an appointment. The aim is to ease "
            "fears and make waiting feel safe and relaxed.",
        ),
        "default_minutes": 180,
        "place_kinds": ["site"],
        "source": "S4 l.93–101",
    },
    {
        "code": "group_session",
        "name": ("yhteistapaaminen", "gruppträff", "group session"),
        "purpose": (
            "Yhdessä suunniteltua tekemistä: keskustelua, retkiä, ruuanlaittoa ja kotikunnan paikkoihin tutustumista. "
            "Mukana ovat kokemusasiantuntija ja vastuullinen ammattilainen.",
            "Sådant som planeras tillsammans: samtal, utflykter, matlagning och platser i hemkommunen. En "
            "erfarenhetsexpert och en ansvarig yrkesperson är med.",
            "Things planned together: talk, trips, cooking and places in the home town. An expert by experience "
            "and a responsible professional take part.",
        ),
        "default_minutes": 240,
        "place_kinds": ["site", "hobby", "other"],
        "needs_responsible_professional": True,
        "tally_form": "group",
        "source": "S4 l.103",
    },
    {
        "code": "individual_meeting",
        "name": ("yksilötapaaminen", "individuell träff", "individual meeting"),
        "purpose": (
            "Osallistuja valitsee paikan. Voidaan asioida yhdessä virastossa, mennä harrastukseen tai jutella. "
            "Ammattilainen voi olla mukana, etenkin alussa.",
            "Deltagaren väljer platsen. Ni kan uträtta ärenden tillsammans, gå på en hobby eller samtala. En "
            "yrkesperson kan vara med, särskilt i början.",
            "The participant chooses the place: running an errand together, a hobby, or a talk. A professional "
            "can be present, especially at first.",
        ),
        "place_kinds": ["site", "office", "hobby", "home", "other"],
        "asks_professional_present": True,
        "needs_space_agreement": False,
        "monthly_min": 1,
        "monthly_max": 2,
        "source": "S4 l.107",
    },
    {
        "code": "reception",
        "name": ("vastaanotto", "erfarenhetsmottagning", "reception"),
        "purpose": (
            "Kokemusasiantuntijan vastaanotolle voi tulla juttelemaan sovittuun aikaan tai ilman ajanvarausta.",
            "Till erfarenhetsexpertens mottagning kan man komma för att samtala, på en avtalad tid eller utan "
            "tidsbokning.",
            "People can come and talk with an expert by experience, at an agreed time or without an appointment.",
        ),
        "place_kinds": ["site", "online"],
        "source": "S0 l.26",
    },
    {
        "code": "panel",
        "name": ("kokemusasiantuntijaraati", "erfarenhetsexpertråd", "experts-by-experience panel"),
        "purpose": (
            "Raati tuo kokemustiedon palvelujen suunnitteluun ja arviointiin.",
            "Rådet för in erfarenhetskunskap i planeringen och utvärderingen av tjänster.",
            "The panel brings experiential knowledge into planning and evaluating services.",
        ),
        "place_kinds": ["site", "online", "other"],
        "needs_space_agreement": False,
        "tally_form": "none",
        "source": "S0 l.25–27, S3 l.181",
    },
    {
        "code": "school_visit",
        "name": ("kouluvierailu", "skolbesök", "school visit"),
        "purpose": (
            "Kokemusasiantuntija käy oppilaitoksessa puhumassa mielenterveydestä ja -taidoista. Vierailut vähentävät "
            "häpeää ja ennakkoluuloja.",
            "Erfarenhetsexperten besöker en läroanstalt och talar om psykisk hälsa och färdigheter. Besöken minskar "
            "skam och fördomar.",
            "An expert by experience visits a school to talk about mental health and coping. Visits reduce shame and "
            "prejudice.",
        ),
        "default_minutes": 90,
        "place_kinds": ["school", "online"],
        "needs_space_agreement": False,
        "with_minors": True,
        "tally_form": "group",
        "source": "S3 l.113",
    },
    {
        "code": "talk",
        "name": ("puheenvuoro tai opetus", "anförande eller undervisning", "talk or teaching"),
        "purpose": (
            "Oman tarinan kertominen tai opettaminen ammattilaisille, opiskelijoille tai yleisölle.",
            "Att berätta sin historia eller undervisa yrkespersoner, studerande eller allmänheten.",
            "Telling one's own story or teaching professionals, students or the public.",
        ),
        "default_minutes": 60,
        "place_kinds": ["site", "school", "online", "other"],
        "needs_space_agreement": False,
        "tally_form": "group",
        "source": "S4 l.28, l.224; S2 l.69",
    },
    {
        "code": "online_counselling",
        "name": ("verkkoneuvonta", "nätrådgivning", "online counselling"),
        "purpose": (
            "Vertaisneuvontaa ja keskustelua verkossa ammatillisen neuvontapalvelun rinnalla.",
            "Kamratrådgivning och samtal på nätet vid sidan av en professionell rådgivningstjänst.",
            "Peer counselling and conversation online beside a professional counselling service.",
        ),
        "place_kinds": ["online"],
        "needs_space_agreement": False,
        "needs_further_training": True,
        "source": "S2 l.45, l.69, l.87; S0 l.26",
    },
    {
        "code": "advice_point",
        "name": (
            "neuvontapiste tai kioski",
            "rådgivningspunkt eller kiosk",
            "advice point or kiosk",
        ),
        "purpose": (
            "Matalan kynnyksen piste, jossa saa luottamuksellista ja maksutonta keskustelutukea ja tietoa palveluista.",
            "En punkt med låg tröskel som ger förtroligt och avgiftsfritt samtalsstöd och information om tjänster.",
            "A low-threshold point for confidential talk, free of charge, and information about services.",
        ),
        "default_minutes": 180,
        "place_kinds": ["site", "other"],
        "source": "S3 l.87–93, l.156",
    },
    {
        "code": "peer_service_guide",
        "name": ("vertaispalveluohjaus", "kamratservicehandledning", "peer service guidance"),
        "purpose": (
            "Vertaispalveluohjaaja opastaa ja neuvoo virastoasioissa, esimerkiksi Kelan aulassa.",
            "En kamratservicehandledare vägleder och ger råd i myndighetsärenden, till exempel i FPA:s aula.",
            "A peer service guide helps people deal with offices, for example in the lobby of Kela.",
        ),
        "default_minutes": 180,
        "place_kinds": ["other_authority"],
        "source": "S4 l.39",
    },
    {
        "code": "development_work",
        "name": ("kehittämistyö", "utvecklingsarbete", "development work"),
        "purpose": (
            "Kokemusasiantuntija suunnittelee, kehittää ja arvioi palveluja ammattilaisten kanssa.",
            "Erfarenhetsexperten planerar, utvecklar och utvärderar tjänster tillsammans med yrkespersoner.",
            "An expert by experience plans, develops and evaluates services together with professionals.",
        ),
        "place_kinds": ["site", "online", "other"],
        "needs_space_agreement": False,
        "tally_form": "none",
        "source": "S4 l.28; S3 l.128–130, l.181–183; S2 l.41",
    },
    {
        "code": "meeting",
        "name": ("kokous", "möte", "meeting"),
        "purpose": (
            "Yksikön tai ohjausryhmän kokous, johon kokemusasiantuntija osallistuu osana työyhteisöä.",
            "Ett möte på enheten eller i en styrgrupp, där erfarenhetsexperten deltar som en del av arbetsgemenskapen.",
            "A meeting of the unit or a steering group, where the expert by experience belongs to the working "
            "community.",
        ),
        "place_kinds": ["site", "online", "other"],
        "needs_space_agreement": False,
        "tally_form": "none",
        "source": "S4 l.195",
    },
    {
        "code": "volunteer_support",
        "name": ("vapaaehtoinen vertaistuki", "frivilligt kamratstöd", "volunteer peer support"),
        "purpose": (
            "Vapaaehtoinen toimii vertaisena ja tukijana potilaille ja läheisille, ilman palkkiota.",
            "En frivillig är kamrat och stöd för patienter och närstående, utan arvode.",
            "A volunteer is a peer and a support for patients and those close to them, without a fee.",
        ),
        "place_kinds": ["site"],
        "is_paid": False,
        "source": "S4 l.38",
    },
]


def add_kinds(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    kind_model = apps.get_model("coordination", "ActivityKind")
    for place, row in enumerate(KINDS, start=1):
        fields = {key: value for key, value in row.items() if key not in {"name", "purpose"}}
        for stem in ("name", "purpose"):
            for language, text in zip(("fi", "sv", "en"), row[stem], strict=True):
                fields[f"{stem}_{language}"] = text
        kind_model.objects.create(order=10 * place, **fields)


def remove_kinds(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    codes = [row["code"] for row in KINDS]
    apps.get_model("coordination", "ActivityKind").objects.filter(code__in=codes).delete()


class Migration(migrations.Migration):
    dependencies = [("coordination", "0001_initial")]
    operations = [migrations.RunPython(add_kinds, remove_kinds)]
