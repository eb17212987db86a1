"""What ExaBGP 4.2 itself makes of configuration files: one JSON object per file named, one a line.

{"ok": false, "error": "..."} where it refuses the file, else {"ok": true, "neighbors": [...]} with each neighbor's settings
and the UPDATEs it would send to a peer that offers every family, decoded from the bytes by ExaBGP's own reader. Used by
test/lab/exabgp-files.test.ts only; the reader in src/targets/exabgp shares nothing with it.
"""

import json
import os
import sys

from exabgp.configuration.setup import environment

environment.setup('')

from exabgp.bgp.message import Open, Update  # noqa: E402
from exabgp.bgp.message.direction import Direction  # noqa: E402
from exabgp.bgp.message.open import HoldTime, RouterID, Version  # noqa: E402
from exabgp.bgp.message.open.asn import ASN  # noqa: E402
from exabgp.bgp.message.open.capability import Capabilities, Negotiated  # noqa: E402
from exabgp.configuration.configuration import Configuration  # noqa: E402
from exabgp.bgp.message.update.attribute import Attribute  # noqa: E402

CODE = Attribute.CODE
NAMES = {
    CODE.ORIGIN: 'origin',
    CODE.AS_PATH: 'as-path',
    CODE.MED: 'med',
    CODE.LOCAL_PREF: 'local-preference',
    CODE.ATOMIC_AGGREGATE: 'atomic-aggregate',
    CODE.AGGREGATOR: 'aggregator',
    CODE.COMMUNITY: 'community',
    CODE.LARGE_COMMUNITY: 'large-community',
    CODE.ORIGINATOR_ID: 'originator-id',
    CODE.CLUSTER_LIST: 'cluster-list',
}


def negotiated(neighbor):
    """A session with a peer that offers what this end offers."""
    made = Negotiated(neighbor)
    capabilities = Capabilities().new(neighbor, False)
    made.sent(Open(Version(4), neighbor.local_as, neighbor.hold_time, neighbor.router_id, capabilities))
    made.received(Open(Version(4), neighbor.peer_as, HoldTime(180), RouterID('192.0.2.254'), capabilities))
    made.peer_as = ASN(neighbor.peer_as)
    return made


def sent(neighbor):
    """The paths a peer ends up with: (family, prefix) -> attributes, later messages replacing earlier ones."""
    session = negotiated(neighbor)
    neighbor.rib.outgoing.resend([], False)
    kept = {}
    for update in neighbor.rib.outgoing.updates(neighbor.group_updates):
        for raw in update.messages(session, False):
            message = Update.unpack_message(raw[19:], Direction.OUT, session)
            attributes = {name: str(message.attributes[code]) for code, name in NAMES.items() if code in message.attributes}
            for nlri in (each for each in message.nlris if str(each.safi) == 'unicast'):
                key = '%s %s %s' % (nlri.afi, nlri.safi, nlri.prefix())
                kept.pop(key, None)
                # Without a next hop it counts as withdrawn (RFC 7606).
                if str(nlri.nexthop) == 'no-nexthop':
                    continue
                kept[key] = dict(attributes, **{'next-hop': str(nlri.nexthop)})
    return kept


def described(neighbor):
    try:
        paths = sent(neighbor)
    except Exception as failure:  # what breaks the session at run time is part of the answer
        paths = {'failure': '%s: %s' % (type(failure).__name__, failure)}
    return {
        'peer': str(neighbor.peer_address),
        'local': str(neighbor.local_address),
        'routerId': str(neighbor.router_id),
        'localAs': int(neighbor.local_as),
        'peerAs': int(neighbor.peer_as),
        'hold': int(neighbor.hold_time),
        'passive': bool(neighbor.passive),
        'listen': int(neighbor.listen or 0),
        'connect': int(neighbor.connect or 0),
        'source': str(neighbor.md5_ip),
        'password': neighbor.md5_password,
        'ttlOut': neighbor.ttl_out,
        'ttlIn': neighbor.ttl_in,
        'families': sorted('%s %s' % (afi, safi) for afi, safi in neighbor.families()),
        'sent': paths,
    }


def judged(path):
    configuration = Configuration([path])
    try:
        accepted = configuration.reload()
    except Exception as failure:
        return {'ok': False, 'error': '%s: %s' % (type(failure).__name__, failure)}
    if accepted is not True:
        return {'ok': False, 'error': str(configuration.error)}
    return {'ok': True, 'neighbors': [described(each) for each in configuration.neighbors.values()]}


for name in sys.argv[1:]:
    # A process for each: ExaBGP keeps some of a file in its classes.
    child = os.fork()
    if child == 0:
        print(json.dumps(judged(name), sort_keys=True), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
