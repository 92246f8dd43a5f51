"""What a browser without script can do with a page: every control leads somewhere by itself.

`problems(html, at=..., reach=...)` reads a rendered page and lists what only script could work. The rules:

- a button that sends stands in a form (or names one by `form`); a `type=button` is hidden without script;
- a form has a button that sends it, a method of get or post, an address that is there and takes that method;
- a link has an address that is there; a link within the page leads to something that is on it;
- `hx-…` on a form or link asks for its own address with its own method. A part that fetches itself (on load,
  every few seconds, when a form beside it changes) is a comfort: without it there is a link or a button
  inside it or in that form. `hx-put`, `hx-patch`, `hx-delete` have no plain way and are never used;
- nothing waits for `onclick`, `javascript:` or a `<dialog>`, which only script opens.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    ]
)
ACTIONS = ("hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete")
BY_ITSELF = ("load", "every", "revealed", "intersect", "from:")
HIDDEN_WITHOUT_SCRIPT = frozenset({"needs-script", "minus", "plus"})
"""Classes that moments.css hides until script is there (`.counter .button` holds minus and plus)."""

Reach = Callable[[str, str], str]
"""Method and path → what is wrong with asking that ("" when the page's reader gets an answer)."""


@dataclass
class Node:
    tag: str
    attrs: dict[str, str]
    parent: "Node | None"
    children: list["Node"] = field(default_factory=list)

    def walk(self) -> list["Node"]:
        found = [self]
        for child in self.children:
            found += child.walk()
        return found

    def up(self, tag: str) -> "Node | None":
        node = self.parent
        while node and node.tag != tag:
            node = node.parent
        return node

    def get(self, name: str) -> str:
        return self.attrs.get(name, "")

    def __str__(self) -> str:
        said = " ".join(f'{key}="{value}"' for key, value in self.attrs.items() if key != "class")
        return f"<{self.tag} {said}>"


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.here = Node("", {}, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {key: value or "" for key, value in attrs}, self.here)
        self.here.children.append(node)
        if tag not in VOID:
            self.here = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.here.children.append(Node(tag, {key: value or "" for key, value in attrs}, self.here))

    def handle_endtag(self, tag: str) -> None:
        node: Node | None = self.here
        while node and node.tag != tag:
            node = node.parent
        if node and node.parent:
            self.here = node.parent


def problems(html: str, *, at: str, reach: Reach) -> list[str]:
    """What on this page, read at the address `at`, a browser without script cannot use."""
    tree = _Tree()
    tree.feed(html)
    return _Page(tree.root.walk(), at, reach).problems()


class _Page:
    def __init__(self, nodes: list[Node], at: str, reach: Reach) -> None:
        self.nodes, self.at, self.reach = nodes, at, reach
        self.ids = {node.get("id"): node for node in nodes if node.get("id")}
        self.sends: dict[int, list[Node]] = {}
        for node in nodes:
            form = self.form_of(node)
            if form and _sends(node):
                self.sends.setdefault(id(form), []).append(node)

    def form_of(self, node: Node) -> Node | None:
        named = node.get("form")
        return self.ids.get(named) if named else node.up("form")

    def problems(self) -> list[str]:
        checks = {"button": self.button, "form": self.form, "a": self.link}
        found = []
        for node in self.nodes:
            said = checks[node.tag](node) if node.tag in checks else ""
            found += [f"{what}: {node}" for what in (said, self.everywhere(node)) if what]
        return found

    def everywhere(self, node: Node) -> str:
        if any(name.startswith("on") for name in node.attrs):
            return "an event only script hears"
        if node.tag == "dialog":
            return "only script opens it"
        if (target := node.get("popovertarget")) and target not in self.ids:
            return "opens what is not on the page"
        asks = [name for name in ACTIONS if name in node.attrs]
        return self.asks(node, asks[0]) if asks else ""

    def button(self, node: Node) -> str:
        if node.get("popovertarget"):
            return ""
        if node.get("type") == "button":
            hidden = HIDDEN_WITHOUT_SCRIPT & set(node.get("class").split())
            return "" if hidden else "does nothing without script, and is seen"
        form = self.form_of(node)
        if not form or form.tag != "form":
            return "sends no form"
        action, method = node.get("formaction"), node.get("formmethod")
        return self.goes(method or form.get("method") or "get", action) if action or method else ""

    def form(self, node: Node) -> str:
        method = node.get("method").lower() or "get"
        if method not in {"get", "post"}:
            return "a method no form can send"
        if not self.sends.get(id(node)) and not self.is_for_script(node):
            return "nothing sends it"
        return self.goes(method, node.get("action"))

    def is_for_script(self, form: Node) -> bool:
        """Its only button is one that needs script (a passkey), and hides without it."""
        inside = form.walk()
        return any(n.tag == "button" and "needs-script" in n.get("class").split() for n in inside)

    def link(self, node: Node) -> str:
        if "href" not in node.attrs:
            return "leads nowhere"
        href = node.get("href")
        if href.startswith("#"):
            return "" if href[1:] in self.ids else "leads to what is not on the page"
        return self.goes("get", href)

    def asks(self, node: Node, name: str) -> str:
        """A control that asks by HTMX asks the same without it; see the rules above."""
        method, address = name.removeprefix("hx-"), node.get(name)
        if method not in {"get", "post"}:
            return "no plain browser sends this"
        if wrong := self.goes(method, address):
            return wrong
        if node.tag == "a":
            return "" if (method, address) == ("get", node.get("href")) else "its link differs"
        if node.tag == "form":
            own = (node.get("method").lower() or "get", node.get("action") or self.at)
            return "" if own == (method, address) else "its form differs"
        if not any(word in node.get("hx-trigger") for word in BY_ITSELF):
            return "only script presses it"
        if (beside := self.ids.get(node.get("hx-include").lstrip("#"))) and beside.tag == "form":
            named = [send for send in self.sends.get(id(beside), []) if send.get("name")]
            return "" if named else "the form it follows has no button that asks for it"
        return "" if any(one.tag == "a" for one in node.walk()) else "no link does the same"

    def goes(self, method: str, address: str) -> str:
        parts = urlsplit(urljoin(f"http://testserver{self.at}", address))
        if parts.scheme == "javascript":
            return "only script follows it"
        if parts.scheme not in {"http", "https"} or parts.netloc != "testserver":
            return "" if method.lower() == "get" else "sends a form away from here"
        return self.reach(method.upper(), parts.path)


def _sends(node: Node) -> bool:
    if node.tag == "input":
        return node.get("type") in {"submit", "image"}
    return node.tag == "button" and node.get("type") != "button"
