"""The main job through the API alone: from an organisation and a text to a match."""

from io import BytesIO

from pilotline.desks.people.queries import own_organisations
from tests.factories import credit_code
from tests.factories_demand import NEED, PDF

TEXT = "需要500L以上的反应釜做加氢反应,温度-20~150℃。"


def describe(operator):
    """A published facility with a line, by an operator's program."""
    (membership,) = own_organisations(operator.who)
    body = {
        "organisation": membership.organisation_id,
        "name": "海岱精细化工中试平台",
        "region": "370100",
        "fields": ["advanced_chemicals"],
        "summary": "反应与分离",
        "latitude": "36.67",
        "longitude": 117.0,
    }
    place = operator.post("/operator/facilities", body, 201)
    here = f"/operator/facilities/{place['code']}"
    line = operator.post(f"{here}/resources", {"kind": "line", "name": "1号线"}, 201)
    for attribute, written in (("volume", "500~1000升"), ("temperature", "-40~200℃")):
        stated = {"attribute": attribute, "written": written, "resource": line["id"]}
        operator.post(f"{here}/capabilities", stated, 201)
    operator.post(f"{here}/publish")
    return place["code"], line["id"]


def test_from_registration_to_a_match(program):
    operator, authority, applicant = program("operator"), program("authority"), program("known")
    code, line = describe(operator)
    body = {"name": "泉城小企业有限公司", "credit_code": credit_code(), "kind": "sme"}
    firm = applicant.post("/my/organisations", body | {"region": "370100"}, 201)
    begun = {"organisation": firm["id"], "kind": "need", "answers": {"detail": TEXT}}
    case = applicant.post("/my/cases", begun, 201)
    assert {p["field"] for p in case["missing"]} >= {"title", "contact_name"}
    here = f"/my/cases/{case['id']}"
    read = applicant.post(f"{here}/read")
    assert "volume" in {r["attribute"] for r in read["requirements"] if r["state"] == "offered"}
    confirmed = applicant.post(f"{here}/requirements/confirm", {"ids": None})
    assert confirmed["confirmed"] == len(read["requirements"])
    applicant.send(f"{here}/attachments", file=named("工艺说明.pdf", PDF))
    answers = NEED | {"detail": TEXT}
    version = applicant.get(here)["version"]
    refused = applicant.post(f"{here}/submit", {"version": version}, 422)
    assert len(refused["problems"]) > 3
    paper = applicant.post(f"{here}/submit", {"version": version, "answers": answers}, 201)
    assert applicant.get(f"/cases/{case['id']}/receipt")["number"] == paper["number"]
    pdf = applicant.ask("GET", f"/cases/{case['id']}/receipt.pdf")
    assert (pdf.headers["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    genuine = program(None).get(f"/receipts/{paper['number']}", digest=paper["digest"][:16])
    assert genuine["applicant"] == "泉城小企业有限公司"

    found = applicant.post(f"{here}/shortlist", status=201)
    assert found["considered"] >= 1
    assert code in {row["code"] for row in found["rows"]}
    checks = {c["attribute"]: c["status"] for c in found["rows"][0]["requirements"]}
    assert checks["volume"] == "met"
    talk = applicant.post(f"{here}/ask", {"facility": code, "line": line}, 201)
    agree(applicant, operator, talk["id"])
    assert applicant.get(here)["status"] == "matched"
    figures = authority.get("/authority/figures")
    assert (figures["agreed"], figures["cases"]["need"]) == (1, {"matched": 1})
    told = [one["action"] for one in applicant.get(f"/cases/{case['id']}/history")]
    assert told[0] == "demand.start"
    assert {"demand.submit", "matching.ask", "matching.consent", "demand.match"} <= set(told)
    assert applicant.get("/me/notices")["total"] >= 0


def agree(applicant, operator, talk):
    mine, theirs = f"/my/talks/{talk}", f"/operator/talks/{talk}"
    seen = operator.get(theirs)["seen"]
    said = {"move": "question", "text": "物料有腐蚀性吗？", "seen": seen}
    asked = operator.post(f"{theirs}/messages", said, 201)
    late = applicant.post(f"{mine}/messages", {"move": "answer", "text": "无", "seen": seen}, 409)
    assert late["code"] == "conflict"
    answer = {"move": "answer", "text": "没有。", "seen": asked["seen"]}
    applicant.post(f"{mine}/messages", answer, 201)
    early = applicant.post(f"{mine}/messages", {"move": "consent"}, 422)
    assert [p["code"] for p in early["problems"]] == ["too-early"]
    operator.post(f"{theirs}/messages", {"move": "accept"}, 201)
    agreed = applicant.post(f"{mine}/messages", {"move": "consent"}, 201)
    assert (agreed["state"], agreed["sides"]) == ("agreed", ["applicant"])


def named(name, content):
    file = BytesIO(content)
    file.name = name
    return file


def test_requirements_and_files_are_kept_in_order(program):
    applicant = program()
    body = {"organisation": min(applicant.who.organisations), "kind": "technology"}
    case = applicant.post("/my/cases", body, 201)["id"]
    here = f"/my/cases/{case}"
    added = applicant.post(
        f"{here}/requirements", {"attribute": "volume", "written": "说不清楚"}, 422
    )
    assert added["problems"][0]["field"] == "written"
    row = applicant.post(
        f"{here}/requirements", {"attribute": "volume", "written": "≥500L", "must": False}, 201
    )
    place = f"{here}/requirements/{row['id']}"
    changed = applicant.ask("PUT", place, {"written": "1~2 m³"}).json()
    assert (changed["text"], changed["must"]) == ("1000 to 2000 L", True)
    assert applicant.ask("DELETE", place).json() == {"done": True}
    assert applicant.get(f"{here}/requirements") == []
    kept = applicant.send(f"{here}/attachments", file=named("a.pdf", PDF), confidential="true")
    assert kept["confidential"] is True
    address = f"/cases/{case}/attachments/{kept['id']}"
    response = applicant.ask("GET", address)
    assert b"".join(response.streaming_content) == PDF
    assert "attachment" in response.headers["Content-Disposition"]
    assert applicant.ask("DELETE", f"/my{address}").json() == {"done": True}
    applicant.get(address, 404)
    wrong = applicant.send(f"{here}/attachments", 422, file=named("a.exe", b"MZ"))
    assert wrong["problems"][0]["code"] == "file-kind"


def test_a_list_is_looked_at_and_then_carried_out(program):
    operator = program("operator")
    organisation = min(operator.who.organisations)
    code, _line = describe(operator)
    table = "类别,名称,型号\n设备,500L搪玻璃反应釜,K-500\n设备,,K-1\n".encode()
    plan = operator.send(
        "/operator/imports",
        file=named("设备清单.csv", table),
        organisation=organisation,
        facility=code,
    )
    assert (plan["status"], plan["counts"]["new"]) == ("planned", 1)
    here = f"/operator/imports/{plan['id']}"
    assert operator.post(f"{here}/apply")["status"] == "applied"
    assert operator.post(f"{here}/apply")["status"] == "applied"
    names = {r["name"] for r in operator.get(f"/operator/facilities/{code}")["resources"]}
    assert "500L搪玻璃反应釜" in names
    marked = operator.ask("GET", f"{here}/marked.xlsx")
    assert marked.content[:2] == b"PK"
    assert operator.ask("GET", "/operator/facilities.xlsx").content[:2] == b"PK"
    bad = operator.send(
        "/operator/imports", 422, file=named("a.xlsx", b"PK\x03\x04"), organisation=organisation
    )
    assert bad["text"]
    stranger = program("operator")
    stranger.get(here, 404)
    stranger.post(f"{here}/apply", status=404)


def test_an_operator_finds_a_case_and_offers(program):
    operator, applicant = program("operator"), program()
    code, line = describe(operator)
    body = {
        "organisation": min(applicant.who.organisations),
        "kind": "need",
        "answers": NEED | {"detail": TEXT, "release": True, "summary": "寻求五百升级加氢中试服务"},
    }
    case = applicant.post("/my/cases", body, 201)
    paper = applicant.post(f"/my/cases/{case['id']}/submit", {"version": case["version"]}, 201)
    applicant.post(f"/my/cases/{case['id']}/shortlist", status=201)
    fitting = operator.get("/operator/fitting")
    assert [row["number"] for row in fitting] == [paper["number"]]
    assert "requirements" not in fitting[0]
    body = {"number": paper["number"], "facility": code, "line": line, "text": "我们可以做"}
    talk = operator.post("/operator/offers", body, 201)
    assert talk["opened_by"] == "operator"
    assert [t["id"] for t in applicant.get("/my/talks")["items"]] == [talk["id"]]
    other = program("operator")
    assert other.post("/operator/offers", body, 403)["code"] == "not-allowed"
    other.get(f"/operator/talks/{talk['id']}", 404)
