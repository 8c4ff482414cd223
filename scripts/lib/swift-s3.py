"""OpenStack Swift with its S3 API, whole in one process: what the tests speak S3 with.

    swift-s3.py FOLDER PORT ACCESS_KEY SECRET_KEY

Serves on 127.0.0.1 and keeps everything in FOLDER; Swift's configuration of this machine takes no
part. ACCESS_KEY is <account>:<user>. The account, container and object servers behind the S3 API
take free ports of their own. Ends on SIGTERM.
"""

import os
import signal
import sys

import eventlet

eventlet.monkey_patch()

from swift.common import utils  # noqa: E402  (after the patch, so that Swift is patched too)
from swift.common.http_protocol import SwiftHttpProtocol  # noqa: E402
from swift.common.ring import RingBuilder  # noqa: E402
from swift.common.wsgi import loadapp  # noqa: E402

STORAGE = """
[DEFAULT]
swift_dir = {folder}
devices = {folder}
mount_check = false
disable_fallocate = true

[app:main]
use = egg:swift#{name}
"""

PROXY = """
[DEFAULT]
swift_dir = {folder}

[pipeline:main]
pipeline = catch_errors gatekeeper listing_formats s3api tempauth copy slo proxy-server

[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true

[filter:catch_errors]
use = egg:swift#catch_errors

[filter:gatekeeper]
use = egg:swift#gatekeeper

[filter:listing_formats]
use = egg:swift#listing_formats

[filter:s3api]
use = egg:swift#s3api
location = us-east-1
max_upload_part_num = 10000

[filter:tempauth]
use = egg:swift#tempauth
user_{user} = {secret} .admin

[filter:copy]
use = egg:swift#copy

[filter:slo]
use = egg:swift#slo
"""


def main(folder, port, access_key, secret_key):
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    utils.HASH_PATH_SUFFIX = b"offload"
    os.makedirs(os.path.join(folder, "disk"), exist_ok=True)
    for name in ("account", "container", "object"):
        socket = eventlet.listen(("127.0.0.1", 0))
        write_ring(folder, name, socket.getsockname()[1])
        app = load(folder, name, STORAGE.format(folder=folder, name=name))
        eventlet.spawn(serve, socket, app)
    user = access_key.replace(":", "_")
    app = load(folder, "proxy", PROXY.format(folder=folder, user=user, secret=secret_key))
    serve(eventlet.listen(("127.0.0.1", int(port))), remember_nothing(app))


def write_ring(folder, name, port):
    """Where the proxy finds the one server of this kind, and its one disk."""
    builder = RingBuilder(1, 1, 0)
    builder.add_dev(
        {
            "region": 1,
            "zone": 1,
            "weight": 1,
            "ip": "127.0.0.1",
            "port": port,
            "device": "disk",
        }
    )
    builder.rebalance()
    builder.get_ring().save(os.path.join(folder, name + ".ring.gz"))


def load(folder, name, text):
    path = os.path.join(folder, name + ".conf")
    with open(path, "w", encoding="utf8") as conf:
        conf.write(text)
    return loadapp(path, global_conf={"log_name": name})


class NoCache:
    """Swift wants a memcached; with one that is always empty it asks its servers each time."""

    def get(self, key, **_):
        return None

    def set(self, key, value, **_):
        pass

    def delete(self, key, **_):
        pass


def remember_nothing(app):
    cache = NoCache()

    def with_cache(env, start_response):
        env["swift.cache"] = cache
        return app(env, start_response)

    return with_cache


def serve(socket, app):
    eventlet.wsgi.server(
        socket,
        app,
        utils.NullLogger(),
        protocol=SwiftHttpProtocol,
        # Clients of S3 look for "ETag" as it is written.
        capitalize_response_headers=False,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
