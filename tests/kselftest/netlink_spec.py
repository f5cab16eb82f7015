#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
The netlink spec and the header are one contract: Documentation/netlink/p25.yaml
against include/uapi/linux/p25.h, in both directions. Needs neither root nor the
module.
"""

import os
import re

import yaml

from lib.ktap import Ktap
from lib.netlink import DEFINES, ENUMS, HEADER

SPEC = os.path.join(os.path.dirname(HEADER),
                    "../../../Documentation/netlink/p25.yaml")


def c_name(*parts):
    return "".join(parts).replace("-", "_").upper()


def header_constants(enum):
    """Without what only marks the enumeration's ends."""
    return {name: value for name, value in ENUMS[enum].items()
            if not re.search(r"(_MAX|_UNSPEC)$", name)}


def header_docs():
    """{constant: its kernel-doc text}"""
    with open(HEADER, encoding="utf-8") as file:
        comments = re.findall(r"/\*\*\n(.*?)\*/", file.read(), re.DOTALL)
    item = re.compile(r"^ \* @(\w+): (.*?)(?=^ \* @|^ \*?\s*$|\Z)",
                      re.DOTALL | re.MULTILINE)
    docs = {}
    for comment in comments:
        for name, doc in item.findall(comment):
            docs[name] = re.sub(r"\s*\n \*\s*", " ", doc).strip()
    return docs


def header_defines():
    """{name: value} of the numbers and strings among the #defines."""
    values = {}
    for name, text in DEFINES.items():
        number = re.sub(r"(\d)U\b", r"\1", text)
        values[name] = (text.strip('"') if text.startswith('"')
                        else eval(number, {}, {}))
    return values


def numbered(items, prefix, first):
    """{C name: value} of a list in the spec, counted from first."""
    constants = {}
    for item in items:
        first = item.get("value", first)
        constants[c_name(prefix, item["name"])] = first
        first += 1
    return constants


def differences(spec, header):
    return [f"{name}: {spec.get(name)} in the spec,"
            f" {header.get(name)} in the header"
            for name in sorted(spec.keys() | header.keys())
            if spec.get(name) != header.get(name)]


def way_of(op):
    """An operation's messages; an event is like a reply without a request."""
    return {"reply": op["event"]} if "event" in op else op["do"]


class Spec:
    def __init__(self):
        self.ktap = Ktap()
        with open(SPEC, encoding="utf-8") as file:
            self.spec = yaml.safe_load(file)
        self.sets = {s["name"]: s for s in self.spec["attribute-sets"]}
        self.enums = {d["name"]: d for d in self.spec["definitions"]
                      if d["type"] == "enum"}
        self.docs = header_docs()
        self.compared = set()       # enumerations of the header

    def same(self, name, spec, header):
        wrong = differences(spec, header)
        self.ktap.result(spec and not wrong, name, *wrong)

    def constants(self):
        spec = {c_name("p25-", d["name"]): d["value"]
                for d in self.spec["definitions"] if d["type"] == "const"}
        spec[c_name(self.spec["c-family-name"])] = self.spec["name"]
        # A spec of this protocol can't say another version.
        spec[c_name(self.spec["c-version-name"])] = 1
        for group in self.spec["mcast-groups"]["list"]:
            spec[c_name(group["c-define-name"])] = group["name"]
        self.same("constants", spec, header_defines())

    def enumerations(self):
        for name, enum in self.enums.items():
            self.compared.add(f"p25_{name}")
            self.same(f"enum p25_{name}",
                      numbered(enum["entries"], f"p25-{name}-", 0),
                      header_constants(f"p25_{name}"))

    def attribute_sets(self):
        for name, attrs in self.sets.items():
            if "enum-name" not in attrs:
                continue
            enum = attrs["enum-name"].replace("-", "_")
            self.compared.add(enum)
            self.same(f"attributes of {name}, enum {enum}",
                      numbered(attrs["attributes"], attrs["name-prefix"], 1),
                      header_constants(enum))

    def counts(self):
        """Attributes whose types are kinds."""
        kinds = header_constants("p25_kind")
        del kinds["P25_KIND_NONE"]
        self.same("attributes of count, enum p25_kind",
                  numbered(self.sets["count"]["attributes"], "p25-kind-", 1),
                  kinds)

    def commands(self):
        operations = self.spec["operations"]
        self.compared.add(operations["enum-name"].replace("-", "_"))
        self.same("commands", numbered(operations["list"],
                                       operations["name-prefix"], 1),
                  header_constants("p25_cmd"))

    def all_enumerations(self):
        self.ktap.result(self.compared == set(ENUMS),
                         "there is no other enumeration",
                         self.compared ^ set(ENUMS))

    def types(self):
        """The header says an attribute's type first: "u8, enum p25_kind"."""
        wrong = []
        for name in ("p25", "entry", "owner", "sender"):
            for attr in self.sets[name]["attributes"]:
                constant = c_name(self.sets[name]["name-prefix"], attr["name"])
                doc = self.docs.get(constant, "")
                said = re.match(r"\w*", doc)[0].replace("padding", "pad")
                if said != attr["type"]:
                    wrong.append(f"{constant}: {attr['type']} in the spec,"
                                 f" \"{doc}\" in the header")
                enum = re.search(r", enum p25_(\w+)", doc)
                if attr.get("enum") != (enum and enum[1]):
                    wrong.append(f"{constant}: another enumeration")
        self.ktap.result(not wrong, "types of attributes", *wrong)

    def requests(self):
        """Attributes that the header's text names for a command."""
        wrong = []
        for op in self.spec["operations"]["list"]:
            constant = c_name("p25-cmd-", op["name"])
            said = {name for name in re.findall(r"P25_A_\w+",
                                                self.docs.get(constant, ""))}
            way = way_of(op)
            request, reply = ({c_name("p25-a-", a) for a in
                               way.get(part, {}).get("attributes", [])}
                              for part in ("request", "reply"))
            if constant not in self.docs:
                wrong.append(f"{constant} has no text in the header")
            if not request <= said or not said <= request | reply:
                wrong.append(f"{constant}: {sorted(request)} in the spec,"
                             f" {sorted(said)} in the header")
        self.ktap.result(not wrong, "attributes of requests", *wrong)

    def references(self):
        """What the spec refers to is there, and what is there has a text."""
        wrong = []
        for name, attrs in self.sets.items():
            for attr in attrs["attributes"]:
                if not attr.get("doc"):
                    wrong.append(f"{name}: {attr['name']} has no doc")
                if attr.get("nested-attributes", name) not in self.sets:
                    wrong.append(f"{name}: {attr['name']}: no such nest")
                if attr.get("enum", "kind") not in self.enums:
                    wrong.append(f"{name}: {attr['name']}: no such enum")
        known = {attr["name"] for attr in self.sets["p25"]["attributes"]}
        groups = {group["name"]: group
                  for group in self.spec["mcast-groups"]["list"]}
        for op in self.spec["operations"]["list"]:
            for part in way_of(op).values():
                for unknown in set(part["attributes"]) - known:
                    wrong.append(f"{op['name']}: no attribute {unknown}")
            right = groups[op["mcgrp"]] if "event" in op else op
            if right["flags"] != ["uns-admin-perm"]:
                wrong.append(f"{op['name']}: needs no right")
        self.ktap.result(not wrong, "the spec is whole", *wrong)


def main():
    spec = Spec()
    spec.constants()
    spec.enumerations()
    spec.attribute_sets()
    spec.counts()
    spec.commands()
    spec.all_enumerations()
    spec.types()
    spec.requests()
    spec.references()
    spec.ktap.end()


main()
