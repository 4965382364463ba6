"""
Precision and recall of merging companies, on pairs made from the shipped names; and time.

What it is: the names of the shipped companies and prospects are real; how they are miswritten
is not. Each rule below makes a pair out of one name, as lists from bureaus do. A firm's pairs
are all in one half: the mistakes of the first half were read while the rules of
`tables/names.py` were written, of the second only the counts were seen. The same people wrote
the rules that spoil names and those that mend them, and knew all names; traditional characters
are made by the library that undoes them. So these figures say that nothing known is forgotten,
not how good merging is on other lists.
"""

import argparse
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations

import pandas as pd
from opencc import OpenCC

from cluster_graph import _shipped
from cluster_graph.tables.merge import Merged, merge_companies
from cluster_graph.text import texts

SEED = 20241124
HALVES = ("tuned on", "held out")
TRADITIONAL = OpenCC("s2t")
PLACES = texts("region", "zh")
# Syllables and trades for invented names; the firms they name are synthetic.
SYLLABLES = "鑫宏恒盛泰瑞华隆昌茂源通达顺丰裕祥兴荣凯"
TRADES = ("机械制造", "商贸", "建筑工程", "食品", "农业开发", "房地产开发", "医药", "物流")
FORMS = ("股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "集团", "公司")
REMARKS = ("(筹)", "(在建)", "(规上)", "（停产）")
OTHER_PLACES = (("湖北省", "420000"), ("四川省", "510000"), ("广东省", "440000"))


@dataclass(frozen=True)
class Firm:
    """A row of a list."""

    name: str
    region_code: str = ""
    alias: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pair:
    """Two rows, and whether they mean one firm."""

    one: Firm
    other: Firm
    same: bool
    rule: str
    half: str


# Makes a name of a firm; blank where the rule does not apply to it.
Spoil = Callable[[Firm, random.Random], str]


def shipped() -> list[Firm]:
    """Return the firms of the shipped data as they stand there: companies and prospects."""
    firms: list[Firm] = []
    for name in ("companies", "prospects"):
        path = _shipped.data_folder() / _shipped.DEFAULT_DATA / f"{name}.csv"
        for record in pd.read_csv(path, dtype=str, keep_default_na=False).to_dict("records"):
            alias = tuple(part for part in str(record.get("alias", "")).split(";") if part)
            firms.append(Firm(record["name"], record["region_code"], alias))
    return firms


def form_of(name: str) -> str:
    """Return the legal form at the end of a name."""
    return next((form for form in FORMS if name.endswith(form)), "")


def without_remark(name: str) -> str:
    """Return a name without the bracket behind its legal form."""
    before = name.partition("(")[0]
    return before if name.endswith(")") and form_of(before) else name


def stem(name: str) -> str:
    """Return a name without remark and without its legal form."""
    body = without_remark(name)
    return body.removesuffix(form_of(body))


def prefixes(code: str) -> list[str]:
    """Return what may stand in front of a name from a place: province, city, both."""
    names = [PLACES[code[:end]] for end in (2, 4) if code[:end] in PLACES]
    return [*names, "".join(names)] if len(names) > 1 else names


def full_width(firm: Firm, _: random.Random) -> str:
    """Full-width brackets, letters and digits."""
    wide = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
    return firm.name.translate(wide)


def brackets(firm: Firm, rng: random.Random) -> str:
    """Brackets of another kind."""
    left, right = rng.choice(("〔〕", "【】", "[]", "（）"))
    return firm.name.replace("(", left).replace(")", right)


def blanks(firm: Firm, rng: random.Random) -> str:
    """Blanks or a middle dot inside a name."""
    at = rng.randrange(1, len(firm.name))
    return f" {firm.name[:at]}{rng.choice((' ', '　', '·'))}{firm.name[at:]} "


def form_reworded(firm: Firm, _: random.Random) -> str:
    """The legal form in other words: 有限责任公司 for 有限公司, 股份公司, or none."""
    swap = {
        "有限公司": "有限责任公司",
        "有限责任公司": "有限公司",
        "股份有限公司": "股份公司",
        "集团有限公司": "集团有限责任公司",
        "集团": "集团有限公司",
        "公司": "有限公司",
        "": "有限公司",
    }
    return f"{stem(firm.name)}{swap[form_of(firm.name)]}"


def form_dropped(firm: Firm, _: random.Random) -> str:
    """No legal form at all."""
    return stem(firm.name)


def form_stock(firm: Firm, _: random.Random) -> str:
    """A limited company that became a joint-stock company."""
    limited = form_of(firm.name) in {"有限公司", "有限责任公司"}
    return f"{stem(firm.name)}股份有限公司" if limited else ""


def region_dropped(firm: Firm, _: random.Random) -> str:
    """Without the place in front."""
    for place in sorted(PLACES.values(), key=len, reverse=True):
        for start in (place, place[:-1]):
            if len(start) > 1 and firm.name.startswith(start):
                return firm.name.removeprefix(start)
    return ""


def region_added(firm: Firm, rng: random.Random) -> str:
    """With the province, the city or both in front."""
    choices = [
        start
        for start in prefixes(firm.region_code)
        if not firm.name.startswith((start, *(place[:-1] for place in PLACES.values())))
    ]
    return f"{rng.choice(choices)}{firm.name}" if choices else ""


def traditional(firm: Firm, _: random.Random) -> str:
    """In traditional characters."""
    return str(TRADITIONAL.convert(firm.name))


def renamed(firm: Firm, rng: random.Random) -> str:
    """A new name that mentions the old one."""
    word = rng.choice(("原", "曾用名：", "原名:"))
    return f"{invented(rng)}有限公司({word}{without_remark(firm.name)})"


def other_name(firm: Firm, rng: random.Random) -> str:
    """One of the aliases that the shipped data list."""
    return rng.choice(firm.alias) if firm.alias else ""


def remark(firm: Firm, rng: random.Random) -> str:
    """A remark behind the name."""
    return f"{firm.name}{rng.choice(REMARKS)}"


def several(firm: Firm, rng: random.Random) -> str:
    """Three of the rules above, one after the other."""
    rules = (form_reworded, form_dropped, region_added, traditional, full_width, blanks, brackets)
    name = firm.name
    for rule in rng.sample(rules, 3):
        name = rule(Firm(name, firm.region_code), rng) or name
    return name


def typed_wrong(firm: Firm, rng: random.Random) -> str:
    """One character left out or doubled: the same firm, and nobody can be sure of it."""
    at = rng.randrange(1, max(len(stem(firm.name)) - 1, 2))
    if rng.random() < 1 / 2:
        return firm.name[:at] + firm.name[at + 1 :]
    return firm.name[:at] + firm.name[at] + firm.name[at:]


def invented(rng: random.Random) -> str:
    """Return a synthetic name, so long that no two firms get the same."""
    return "".join(rng.sample(SYLLABLES, 4)) + rng.choice(TRADES)


def listed_of_group(firm: Firm, _: random.Random) -> str:
    """The listed company of a group, or the group of a listed company."""
    form = form_of(firm.name)
    if form.startswith("股份"):
        return (
            f"{stem(firm.name).removesuffix('集团')}集团有限公司" if "集团" not in firm.name else ""
        )
    return f"{stem(firm.name)}股份有限公司" if "集团" in form else ""


def other_trade(firm: Firm, rng: random.Random) -> str:
    """Another firm of the same family: its name goes on, or ends in another trade."""
    return f"{stem(firm.name)}{rng.choice(('物流', '销售', '置业', '新能源'))}有限公司"


def other_sign(firm: Firm, rng: random.Random) -> str:
    """Another firm whose name differs in one character."""
    body = stem(firm.name)
    at = rng.randrange(len(body))
    return firm.name.replace(body, body[:at] + rng.choice(SYLLABLES) + body[at + 1 :], 1)


def branch(firm: Firm, rng: random.Random) -> str:
    """A branch, which is counted by itself."""
    ending = rng.choice(("凌源分公司", "(大连分公司)", "第二分厂"))
    return f"{without_remark(firm.name)}{ending}"


def two_plants(firm: Firm, _: random.Random) -> str:
    """A sister firm in another city, which stands in brackets."""
    return f"{stem(firm.name).replace('(', '').replace(')', '')}(营口)有限公司"


SAME: tuple[Spoil, ...] = (
    full_width,
    brackets,
    blanks,
    form_reworded,
    form_dropped,
    form_stock,
    region_dropped,
    region_added,
    traditional,
    renamed,
    other_name,
    remark,
    several,
)
DIFFERENT: tuple[Spoil, ...] = (listed_of_group, other_trade, other_sign, branch, two_plants)


def labelled(seed: int = SEED) -> list[Pair]:
    """
    Make the labelled pairs.

    Parameters
    ----------
    seed
        Equal seeds give equal pairs.

    Returns
    -------
    pairs
        Those of each firm in one half. A third of the second rows have no region code.
        One firm in three has a typing error among its pairs.
    """
    rng = random.Random(seed)  # noqa: S311  no secret
    firms = shipped()
    order = rng.sample(range(len(firms)), len(firms))
    half_of = {number: HALVES[place % 2] for place, number in enumerate(order)}
    pairs: list[Pair] = []
    for number, firm in enumerate(firms):
        half = half_of[number]
        rules = [(rule, True) for rule in SAME] + [(rule, False) for rule in DIFFERENT]
        if number % 3 == 0:
            rules.append((typed_wrong, True))
        for rule, same in rules:
            name = rule(firm, rng)
            if not name.strip() or name == firm.name:
                continue
            code = firm.region_code if rng.random() < 2 / 3 else ""
            pairs.append(Pair(firm, Firm(name, code), same, rule.__name__, half))
        start, code = rng.choice(OTHER_PLACES)
        twin = Firm(f"{start}{region_dropped(firm, rng) or firm.name}", code)
        pairs.append(Pair(firm, twin, same=False, rule="other_region", half=half))
    for one, other in combinations(range(len(firms)), 2):
        if half_of[one] == half_of[other]:
            pair = Pair(firms[one], firms[other], same=False, rule="real", half=half_of[one])
            pairs.append(pair)
    return pairs


def table(firms: Iterable[Firm]) -> pd.DataFrame:
    """Return firms as a companies table; the id is the place in the list."""
    records = [
        {
            "company_id": str(number),
            "name": firm.name,
            "alias": firm.alias,
            "region_code": firm.region_code,
            "row": number + 2,
        }
        for number, firm in enumerate(firms)
    ]
    return pd.DataFrame(records)


def verdict(merged: Merged, one: str, other: str) -> str:
    """Return `merged`, `review` or `apart`."""
    if merged.ids[one] == merged.ids[other]:
        return "merged"
    ends = {merged.ids[one], merged.ids[other]}
    shown = any({pair.first, pair.second} == ends for pair in merged.review)
    return "review" if shown else "apart"


def judge(pairs: Iterable[Pair]) -> list[tuple[Pair, str]]:
    """Judge each pair by itself; the real firms all in one table, as they came."""
    judged: list[tuple[Pair, str]] = []
    real = shipped()
    whole = merge_companies(table(real))
    numbers = {firm: str(number) for number, firm in enumerate(real)}
    for pair in pairs:
        if pair.rule == "real":
            judged.append((pair, verdict(whole, numbers[pair.one], numbers[pair.other])))
        else:
            judged.append((pair, verdict(merge_companies(table([pair.one, pair.other])), "0", "1")))
    return judged


def measures(judged: Iterable[tuple[Pair, str]]) -> dict[str, float]:
    """
    Precision and recall of what was merged, and recall of what was merged or shown.

    Parameters
    ----------
    judged
        Pairs and verdicts.

    Returns
    -------
    measures
        `precision`, `recall`, `recall_with_review`, `pairs`, `same`.
    """
    count = Counter((pair.same, verdict) for pair, verdict in judged)
    same = sum(number for (is_same, _), number in count.items() if is_same)
    hit, wrong = count[True, "merged"], count[False, "merged"]
    return {
        "pairs": count.total(),
        "same": same,
        "precision": hit / (hit + wrong) if hit + wrong else 1.0,
        "recall": hit / same,
        "recall_with_review": (hit + count[True, "review"]) / same,
    }


def at_once(pairs: Iterable[Pair]) -> dict[str, float]:
    """
    Precision and recall over all pairs of rows, when a half's rows stand in one table.

    Parameters
    ----------
    pairs
        Those of one half. The firms of other regions are left out: beside them a row of the
        same name without a region code may rightly be either.

    Returns
    -------
    measures
        `precision`, `recall`, `rows`.
    """
    rows: list[Firm] = []
    meant: list[int] = []
    numbers: dict[Firm, int] = {}
    for pair in pairs:
        if pair.one not in numbers:
            numbers[pair.one] = len(rows)
            rows.append(pair.one)
            meant.append(numbers[pair.one])
        if pair.rule not in {"real", "other_region"}:
            meant.append(numbers[pair.one] if pair.same else len(rows))
            rows.append(pair.other)
    merged = merge_companies(table(rows))
    found = [merged.ids[str(number)] for number in range(len(rows))]
    same = hit = claimed = 0
    for one, other in combinations(range(len(rows)), 2):
        same += meant[one] == meant[other]
        claimed += found[one] == found[other]
        hit += meant[one] == meant[other] and found[one] == found[other]
    return {"rows": len(rows), "precision": hit / claimed, "recall": hit / same}


def synthetic(size: int, seed: int = SEED) -> pd.DataFrame:
    """Return a synthetic table: a tenth of the rows name a firm again, differently."""
    rng = random.Random(seed)  # noqa: S311  no secret
    characters = [chr(0x4E00 + i) for i in range(3000)]
    cities = [code for code in PLACES if len(code) == len("2113")]
    firms: list[Firm] = []
    while len(firms) < size:
        if firms and rng.random() < 1 / 10:
            firm = firms[rng.randrange(len(firms))]
            rule = rng.choice((form_reworded, form_dropped, blanks, full_width))
            firms.append(Firm(rule(firm, rng), firm.region_code))
        else:
            body = "".join(rng.choices(characters, k=2)) + rng.choice(TRADES)
            code = rng.choice(cities)
            firms.append(Firm(f"{PLACES[code]}{body}{rng.choice(FORMS)}", f"{code}00"))
    return table(firms).assign(revenue=1.0, as_of="2023")


def show(judged: list[tuple[Pair, str]]) -> None:
    """Print precision and recall on both halves, and the count of each rule."""
    print("| half | pairs | same | precision | recall | recall with review |")
    print("|---|---:|---:|---:|---:|---:|")
    for half in HALVES:
        seen = measures(item for item in judged if item[0].half == half)
        print(
            f"| {half} | {seen['pairs']} | {seen['same']} | {seen['precision']:.4f} "
            f"| {seen['recall']:.4f} | {seen['recall_with_review']:.4f} |"
        )
    print("\n| half, all rows in one table | rows | precision | recall |\n|---|---:|---:|---:|")
    for half in HALVES:
        whole = at_once(pair for pair, _ in judged if pair.half == half)
        print(f"| {half} | {whole['rows']} | {whole['precision']:.4f} | {whole['recall']:.4f} |")
    counts: defaultdict[tuple[bool, str, str], Counter[str]] = defaultdict(Counter)
    for pair, found in judged:
        counts[not pair.same, pair.rule, pair.half][found] += 1
    print("\n| label | rule | half | merged | review | apart |\n|---|---|---|---:|---:|---:|")
    for (different, rule, half), count in sorted(counts.items()):
        label = "different" if different else "same"
        cells = " | ".join(str(count[word]) for word in ("merged", "review", "apart"))
        print(f"| {label} | {rule} | {half} | {cells} |")


def main() -> None:
    """Print the measures; with `--rows` also the time for a synthetic table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=0, help="time a table of so many rows")
    parser.add_argument("--wrong", action="store_true", help="list the tuned half's mistakes")
    options = parser.parse_args()
    judged = judge(labelled())
    show(judged)
    if options.wrong:
        for pair, found in judged:
            if pair.half == HALVES[0] and pair.same != (found == "merged"):
                print(pair.rule, found, pair.one.name, pair.other.name, pair.other.region_code)
    for rows in (options.rows // 4, options.rows // 2, options.rows):
        if rows:
            frame = synthetic(rows)
            start = time.perf_counter()
            merged = merge_companies(frame)
            took = time.perf_counter() - start
            print(f"{rows} rows: {took:.1f} s, {len(merged.merges)} merged")


if __name__ == "__main__":
    main()
