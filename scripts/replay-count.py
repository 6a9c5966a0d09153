#!/usr/bin/env python3
"""Counts what the journey "post-purchase" must have done, from the CSV alone.

    python3 scripts/replay-count.py online-retail.csv.gz > expected.json

A second opinion on the engine: it shares no code with Viaggio and uses only Python's own library. It prints
the statistics that GET /api/v1/journeys/post-purchase/stats must answer after `npm run replay` on the same
file, with sorted keys, so that `diff` with the answer through `python3 -m json.tool --sort-keys` is empty.

The journey: an order thanks the customer by e-mail and waits 30 days for the next order. If that comes, the
passage ends ("ordered-again") and the same order begins a new one; if not, orders of 300 pounds and more get
a coupon and the others the news. Customers without e-mail (guests) are not written to and go the same way.
"""
import csv
import gzip
import json
import sys
from collections import Counter
from datetime import datetime, timedelta, timezone

WAIT = timedelta(days=30)  # exact elapsed time: a day is 24 hours
BIG_SPENDER_PENCE = 30_000


def utc(local):
    """'2011-04-01 10:00:00' on a clock in London, as an instant. Hours that occur twice are the first one."""
    at = datetime.strptime(local, "%Y-%m-%d %H:%M:%S").replace(tzinfo=timezone.utc)

    def last_sunday(month):
        last = datetime(at.year, month, 31, 1, tzinfo=timezone.utc)
        return last - timedelta(days=(last.weekday() + 1) % 7)

    as_summer = at - timedelta(hours=1)
    return as_summer if last_sunday(3) <= as_summer < last_sunday(10) else at


def thousandths(price):
    """Pounds as text in thousandths of a pound, without floating point: '2.55' is 2550."""
    sign = -1 if price.startswith("-") else 1
    whole, _, part = price.lstrip("-").partition(".")
    return sign * (int(whole) * 1000 + int((part + "000")[:3]))


def read_orders(path):
    """Orders as (instant, customer, has an e-mail, total in pence) in the order in which the file has them."""
    opened = gzip.open(path, "rt", encoding="utf-8", newline="") if path.endswith(".gz") else open(
        path, encoding="utf-8", newline="")
    invoices = {}
    with opened as file:
        for row in csv.DictReader(file):
            invoice = invoices.setdefault(
                row["InvoiceNo"],
                {"at": row["InvoiceDate"], "customer": row["CustomerID"], "total": 0, "is_order": False})
            invoice["at"] = min(invoice["at"], row["InvoiceDate"])  # a few invoices took more than a minute
            quantity, price = int(row["Quantity"]), thousandths(row["UnitPrice"])
            invoice["total"] += quantity * price
            invoice["is_order"] |= quantity > 0 and price > 0
    last = max(utc(invoice["at"]) for invoice in invoices.values())
    orders = []
    for number, invoice in invoices.items():
        if not number.isdigit() or not invoice["is_order"]:
            continue  # cancellations, bad debt, lost and damaged goods
        customer = invoice["customer"] or f"guest {number}"
        pence = (invoice["total"] + 5) // 10
        orders.append((utc(invoice["at"]), customer, invoice["customer"] != "", pence))
    orders.sort(key=lambda order: order[0])  # stable: the file's order within one instant stays
    return orders, last


def count(orders, end):
    """Visits by what became of them, and the number of ties between a time-out and an order."""
    seen, open_waits, ties = Counter(), {}, 0

    def write_to(node, reachable):
        seen[node, "next" if reachable else "suppressed"] += 1

    def time_out(wait):
        _, reachable, pence = wait
        seen["timeout"] += 1
        node = "coupon-mail" if pence >= BIG_SPENDER_PENCE else "news-mail"
        write_to(node, reachable)

    for at, customer, reachable, pence in orders:
        wait = open_waits.pop(customer, None)
        if wait:
            # The replay moves the clock to an order's instant before it sends the order, so a wait that ends
            # at that very instant has timed out. It happens once in the nine months ("ties").
            ties += wait[0] == at
            if wait[0] <= at:
                time_out(wait)
            else:
                seen["ordered"] += 1
        seen["entered"] += 1
        write_to("thank-you", reachable)
        open_waits[customer] = (at + WAIT, reachable, pence)
    for customer in [customer for customer, wait in open_waits.items() if wait[0] <= end]:
        time_out(open_waits.pop(customer))
    return seen, len(open_waits), ties


def statistics(seen, inside, end):
    """The numbers in the shape of the API."""
    def visits(entered, left, ended=None, inside=0):
        return {"entered": entered, "inside": inside, "left": left, "ended": ended or {}, "failed": 0}

    def mail(name):
        sent, suppressed = seen[name, "next"], seen[name, "suppressed"]
        messages = dict.fromkeys(["queued", "refused", "bounced", "opened", "clicked", "unsubscribed"], 0)
        node = visits(sent + suppressed, {"next": sent, "suppressed": suppressed, "failed": 0})
        return {**node, "messages": {**messages, "sent": sent}}

    nodes = {name: mail(name) for name in ("thank-you", "coupon-mail", "news-mail")}
    coupons, news = nodes["coupon-mail"]["entered"], nodes["news-mail"]["entered"]
    ended = {"ordered-again": seen["ordered"], "coupon": coupons, "news": news}
    nodes["order"] = visits(seen["entered"], {"next": seen["entered"]})
    nodes["next-order"] = visits(
        seen["entered"], {"ordered": seen["ordered"], "timeout": seen["timeout"]}, inside=inside)
    nodes["money-spent"] = visits(seen["timeout"], {"big-spender": coupons, "else": news})
    for reason, times in ended.items():
        nodes[reason] = visits(times, {}, {reason: times})
    totals = {"entered": seen["entered"], "inside": inside, "ended": ended, "notAdmitted": {}}
    at = end.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return {"journey": "post-purchase", "version": "all", "at": at, "totals": totals, "nodes": nodes}


def main(path):
    orders, last = read_orders(path)
    midnight = last.replace(hour=0, minute=0, second=0) + timedelta(days=1)
    seen, inside, ties = count(orders, midnight)
    print(json.dumps(statistics(seen, inside, midnight), indent=4, sort_keys=True))
    print(f"{len(orders)} orders, {ties} ties of a time-out with an order", file=sys.stderr)


main(sys.argv[1])
