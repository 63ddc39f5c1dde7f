"""Simple changes of a header's code, each as small as a slip of the hand."""
import collections
import dataclasses
import re

from headers import TEXT, blank, end_of_call, without_static_asserts

OTHER = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==",
         "&&": "||", "||": "&&", "+": "-", "-": "+"}
# The layout of the sources puts blanks around operators, and none inside <> of templates.
OPERATOR = re.compile(r"(?<= )(<=|>=|==|!=|<|>|&&|\|\||\+|-)(?=[ \n])")
NUMBER = re.compile(r"(?<![\w.'])(0x[0-9A-Fa-f]+|\d+)(?=[uU]?\b)(?!')")
CONDITION = re.compile(r"\b(?:if|while) (?=\()")
STATEMENT = re.compile(
    r"^ +((?:\+\+|--)?[a-z][\w.:>\[\]()*-]*(?:(?: [-+*/|&^]?= |\()[^;{}]*)?;)$", re.M)
NO_STATEMENT = re.compile(r"(return|using|friend|break|continue|static|throw|goto|default|case)\b")
# Interface and type-level text: a change there is the compiler's to refuse.
DECLARATION = re.compile(r"^ *(#|template\b|requires\b|concept\b|using\b|struct\b|class\b).*", re.M)


@dataclasses.dataclass(frozen=True)
class Change:
    header: str
    kind: str
    begin: int
    end: int
    new: str
    text: str
    nth: int = 1  # of those in the header that can be told by nothing else

    @property
    def line(self):
        return self.text.count("\n", 0, self.begin) + 1

    def apply(self):
        return self.text[:self.begin] + self.new + self.text[self.end:]

    @property
    def name(self):
        """Says which change it is, wherever its line stands."""
        where = self.text.splitlines()[self.line - 1].strip()
        words = f"{self.kind}: {self.text[self.begin:self.end]} -> {self.new or 'nothing'} [{where}]"
        nth = f" #{self.nth}" if self.nth > 1 else ""
        return f"include/{self.header}: {' '.join(words.split())}{nth}"

    @property
    def names(self):
        """Its own, and that of all that read like it."""
        return {self.name, re.sub(r" #\d+$", "", self.name) + " #*"}

    def __str__(self):
        return f"line {self.line} of {self.name}"


def code_of(text):
    """The same places, with nothing left that isn't code."""
    text = TEXT.sub(lambda found: blank(found.group()), without_static_asserts(text))
    text = re.sub(r"\brequires(?=\()", "requires", text)
    return DECLARATION.sub(lambda found: blank(found.group()), text)


def negations(code):
    for found in CONDITION.finditer(code):
        end = end_of_call(code, found.end()) - 1
        begin = max(found.end() + 1, code.rfind("; ", found.end(), end) + 2)
        condition = code[begin:end]
        if not re.match(r"\s*(const |auto )", condition) and condition.strip():
            yield begin, end, condition


def changes_of(header, text):
    """All of them, each under a name of its own."""
    names = collections.Counter()
    for change in unnumbered_changes_of(header, text):
        names[change.name] += 1
        yield dataclasses.replace(change, nth=names[change.name])


def unnumbered_changes_of(header, text):
    code = code_of(text)

    def change(kind, begin, end, new):
        return Change(header, kind, begin, end, new, text)

    for found in OPERATOR.finditer(code):
        kind = "relation" if found.group() in ("<", "<=", ">", ">=", "==", "!=") else "operator"
        yield change(kind, found.start(), found.end(), OTHER[found.group()])
    for found in NUMBER.finditer(code):
        value = int(found.group(), 0)
        show = hex if found.group().startswith("0x") else str
        for other in {value + 1, max(value - 1, 0)} - {value}:
            yield change("constant", found.start(), found.end(), show(other))
    for begin, end, _ in negations(code):
        yield change("negation", begin, end, f"!({text[begin:end]})")
    for found in STATEMENT.finditer(code):
        if not NO_STATEMENT.match(found.group(1)):
            yield change("deletion", found.start(1), found.end(1), ";")
