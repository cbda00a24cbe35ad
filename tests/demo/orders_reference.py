"""A second implementation of `tally-demo orders`, for its tests: the orders that are generated, what
is found in them, and how often the two processors must call what.

It is written for clarity, from the description in docs/demo.md and the headers, not from the C code;
only tables of data are read from there.
"""
import collections
import hashlib
import os
import re

from test_program import MASK, Xoshiro256StarStar

SOURCES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../demo/orders")
PROBLEMS = ("valid malformed-email unknown-country unknown-coupon no-items too-many-items unknown-sku "
            "bad-quantity wrong-price duplicate-item").split()
MOST_ITEMS, LARGEST_QUANTITY = 20, 500
COUPONS = {"WELCOME10": ("percent", 1000, 0), "SPRING15": ("percent", 1500, 8000),
           "MINUS5": ("amount", 500, 2500), "MINUS50": ("amount", 5000, 30000),
           "SHIPFREE": ("shipping", 0, 3000)}
TIERS = "new new regular regular silver gold".split()
AMOUNTS = ("goods volume_discount loyalty_discount coupon_discount shipping tax".split())

Product = collections.namedtuple("Product", "sku price weight reduced position")
Item = collections.namedtuple("Item", "sku quantity price")
Country = collections.namedtuple("Country", "standard reduced parcel kilogram free_from")


# ---- tables ----

def source(name):
    with open(os.path.join(SOURCES, name), encoding="utf-8") as file:
        return file.read()


def texts_of(array):
    """The strings of an array in the generator."""
    body = re.search(r"\b%s\[\] = \{(.*?)\};" % array, source("order_generator.c"), re.DOTALL)
    return re.findall(r'"(.*?)"', body[1])


def read_catalogue():
    rows = re.findall(r'\{"(.*?)", ".*?", (\d+), (\d+), TAX_(\w+)\}', source("catalogue.c"))
    return [Product(sku, int(price), int(weight), tax == "REDUCED", position)
            for position, (sku, price, weight, tax) in enumerate(rows)]


CATALOGUE = read_catalogue()
PRODUCTS = {product.sku: product for product in CATALOGUE}
COUNTRIES = {row[0]: Country(*map(int, row[1:])) for row in
             re.findall(r'([A-Z]{2}) +(\d+) +(\d+) +(\d+) +(\d+) +(\d+)\\n', source("country_table.c"))}
NAMES = {name: texts_of(name) for name in (
    "first_names", "last_names", "domains", "countries", "coupons", "bad_emails",
    "unknown_countries", "unknown_skus")}


# ---- orders ----

class Random(Xoshiro256StarStar):
    def pick(self, values):
        return values[self.below(len(values))]


def split_mix(seed):
    z = (seed + 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


class Order:
    def __init__(self, seed, number):
        random = Random((split_mix(seed) + number) & MASK)
        percent = random.below(100)
        problem = PROBLEMS[percent] if percent < len(PROBLEMS) else "valid"
        n_items = self.pick_item_count(random, problem)
        percent = random.below(100)
        self.id = number
        self.priority = "High" if percent < 20 else "Medium" if percent < 70 else "Low"
        self.customer = 1 + random.below(5000)
        self.fill_customer(Random(self.customer))
        self.coupon = random.pick(NAMES["coupons"]) if random.below(100) < 15 else ""
        self.fill_items(random, n_items)
        self.spoil(random, problem)

    @staticmethod
    def pick_item_count(random, problem):
        if problem == "no-items":
            return 0
        if problem == "too-many-items":
            return MOST_ITEMS + 1 + random.below(5)
        return 2 + random.below(7) if problem == "duplicate-item" else 1 + random.below(8)

    def fill_customer(self, random):
        first, last = random.pick(NAMES["first_names"]), random.pick(NAMES["last_names"])
        self.email = f"{first}.{last}{self.customer}@{random.pick(NAMES['domains'])}"
        self.country = random.pick(NAMES["countries"])
        self.tier = random.pick(TIERS)

    def fill_items(self, random, n_items):
        taken, self.items = set(), []
        for _ in range(n_items):
            position = random.below(len(CATALOGUE))
            while position in taken:
                position = (position + 1) % len(CATALOGUE)
            taken.add(position)
            product, percent = CATALOGUE[position], random.below(100)
            if percent < 85 or product.price > 5000:
                quantity = 1 + random.below(2)
            else:
                quantity = 3 + random.below(18) if percent < 97 else 21 + random.below(80)
            self.items.append(Item(product.sku, quantity, product.price))

    def spoil(self, random, problem):
        if problem == "malformed-email":
            self.email = random.pick(NAMES["bad_emails"])
        elif problem == "unknown-country":
            self.country = random.pick(NAMES["unknown_countries"])
        elif problem == "unknown-coupon":
            self.coupon = f"EXPIRED{random.below(90)}"
        elif problem in ("unknown-sku", "bad-quantity", "wrong-price", "duplicate-item"):
            self.spoil_item(random, problem)

    def spoil_item(self, random, problem):
        number = random.below(len(self.items))
        item = self.items[number]
        if problem == "unknown-sku":
            self.items[number] = item._replace(sku=random.pick(NAMES["unknown_skus"]))
        elif problem == "bad-quantity":
            quantity = 0 if random.below(2) == 0 else LARGEST_QUANTITY + 1
            self.items[number] = item._replace(quantity=quantity)
        elif problem == "wrong-price":
            self.items[number] = item._replace(price=item.price - 1 - random.below(100))
        else:
            self.items[-1] = self.items[random.below(len(self.items) - 1)]


# ---- validation ----

def validate(order):
    """Problem, number of the item, what was expected, description."""
    if not re.fullmatch(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", order.email):
        return "malformed-email", 0, 0, f"customer.email: '{order.email}' is no e-mail address"
    if order.country not in COUNTRIES:
        return ("unknown-country", 0, 0,
                f"customer.country: '{order.country}' is none that is delivered to")
    if order.coupon and order.coupon not in COUPONS:
        return "unknown-coupon", 0, 0, f"coupon: there is no '{order.coupon}'"
    if not order.items:
        return "no-items", 0, 0, "items: there are none"
    if len(order.items) > MOST_ITEMS:
        return ("too-many-items", 0, 0,
                f"items: {len(order.items)} are more than {MOST_ITEMS}")
    for number, item in enumerate(order.items):
        field = f"items[{number}]"
        if item.sku not in PRODUCTS:
            return "unknown-sku", number, 0, f"{field}.sku: '{item.sku}' is not in the catalogue"
        if not 1 <= item.quantity <= LARGEST_QUANTITY:
            return ("bad-quantity", number, 0,
                    f"{field}.quantity: {item.quantity} is not from 1 to {LARGEST_QUANTITY}")
        price = PRODUCTS[item.sku].price
        if item.price != price:
            return ("wrong-price", number, price,
                    f"{field}.unit_price_cents: {item.price} is not the catalogue's {price}")
    skus = [item.sku for item in order.items]
    for number, sku in enumerate(skus):
        if sku in skus[:number]:
            earlier = skus.index(sku)
            return ("duplicate-item", number, earlier,
                    f"{field_of(number)}.sku: '{sku}' is in {field_of(earlier)} already")
    return "valid", 0, 0, "valid"


def field_of(number):
    return f"items[{number}]"


# ---- business rules ----

def share(cents, basis_points):
    return (cents * basis_points + 5000) // 10000


def volume_discount(item):
    percent = 10 if item.quantity >= 50 else 5 if item.quantity >= 10 else 0
    return share(item.quantity * item.price, percent * 100)


def price(order):
    """Amounts in cents by name, and the fraud score."""
    country, amounts = COUNTRIES[order.country], dict.fromkeys(AMOUNTS, 0)
    worth = {item: item.quantity * item.price - volume_discount(item) for item in order.items}
    amounts["goods"] = sum(item.quantity * item.price for item in order.items)
    amounts["volume_discount"] = amounts["goods"] - sum(worth.values())
    net = listed = sum(worth.values())
    amounts["loyalty_discount"] = share(net, {"silver": 200, "gold": 500}.get(order.tier, 0))
    net -= amounts["loyalty_discount"]
    kind, value, least = COUPONS.get(order.coupon, ("none", 0, 0))
    if net < least:
        kind = "none"
    amounts["coupon_discount"] = {"percent": share(net, value), "amount": min(value, net)}.get(kind, 0)
    net -= amounts["coupon_discount"]
    amounts["shipping"] = 990 if order.priority == "High" else 0
    if kind != "shipping" and net < country.free_from:
        grams = sum(PRODUCTS[item.sku].weight * item.quantity for item in order.items)
        amounts["shipping"] += country.parcel + -(-grams // 1000) * country.kilogram
    reduced = sum(worth[item] for item in order.items if PRODUCTS[item.sku].reduced)
    reduced -= (2 * (listed - net) * reduced + listed) // (2 * listed)
    amounts["tax"] = (share(reduced, country.reduced) +
                      share(net - reduced + amounts["shipping"], country.standard))
    return amounts, fraud_score(order, net + amounts["shipping"] + amounts["tax"])


def fraud_score(order, total):
    score = 30 * (total >= 100000) + 20 * (total >= 500000)
    score += 15 * (order.tier == "new") + 15 * (order.tier == "new" and order.priority == "High")
    score += 15 * any(item.quantity >= 50 for item in order.items)
    return score + 25 * (order.email.split("@")[1] in ("throwaway.example", "tenminutes.example"))


# ---- whole runs ----

def element_hash(order, status, problem, item, expected, amounts, score):
    numbers = [order.id, item, expected, *(amounts[name] for name in AMOUNTS), score]
    element = b"".join(text.encode() + b"\0" for text in (status, problem))
    element += b"".join(number.to_bytes(8, "little") for number in numbers)
    return int.from_bytes(hashlib.sha256(element).digest(), "big")


def expected_summary(count, seed):
    found, failures, sums, digest = collections.Counter(), {}, collections.Counter(), 0
    for order in (Order(seed, number) for number in range(1, count + 1)):
        problem, item, expected, cause = validate(order)
        amounts, score = dict.fromkeys(AMOUNTS, 0), 0
        if problem == "valid":
            amounts, score = price(order)
            status = "held" if score >= 60 else "accepted"
        else:
            status = "failed"
            failures.setdefault(problem, dict(problem=problem, count=0, first_order=order.id,
                                              first_cause=cause))["count"] += 1
        found.update([status], orders=1, items=len(order.items))
        sums.update(amounts)
        digest += element_hash(order, status, problem, item, expected, amounts, score)
    net = sums["goods"] - sum(sums[name] for name in AMOUNTS if name.endswith("discount"))
    return {"input": {"generated": count, "seed": seed},
            **{name: found[name] for name in ("orders", "items", "accepted", "held", "failed")},
            "failures": [failures[name] for name in PROBLEMS if name in failures],
            **{f"{name}_cents": sums[name] for name in AMOUNTS},
            "revenue_cents": net + sums["shipping"],
            "results_digest": f"{digest % 2 ** 256:064x}"}


def comparisons_with_catalogue(sku):
    return PRODUCTS[sku].position + 1 if sku in PRODUCTS else len(CATALOGUE)


def expected_calls(count, seed):
    """How often the naive processor calls what depends on what is in the orders."""
    calls = collections.Counter()
    for order in (Order(seed, number) for number in range(1, count + 1)):
        problem, item, expected, _ = validate(order)
        position, n_items = PROBLEMS.index(problem), len(order.items)
        valid = problem == "valid"
        calls["valid"] += valid
        calls["country_find"] += (problem != "malformed-email") + 2 * valid
        if valid or position > PROBLEMS.index("too-many-items"):
            looked_up = n_items if valid or problem == "duplicate-item" else item + 1
            rounds = 3 if valid else 1 # validation, shipping, tax
            calls["validated_items"] += looked_up
            calls["product_find"] += rounds * looked_up
            calls["product_matches"] += rounds * sum(comparisons_with_catalogue(item.sku)
                                                     for item in order.items[:looked_up])
        if valid:
            calls["is_same_product"] += n_items * (n_items - 1) // 2
        elif problem == "duplicate-item":
            calls["is_same_product"] += item * (item - 1) // 2 + expected + 1
    return calls
