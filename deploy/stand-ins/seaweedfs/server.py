"""Swift's S3 API behind the part of `weed server` that our compose file uses.

    server.py server -s3.config=FILE [-dir=/data] [anything else is taken for granted]

Serves the first identity of FILE on port 8333, and answers /healthz there.
"""

import json
import sys

sys.path.insert(0, "/usr/local/lib/stand-in")

import swift_s3  # noqa: E402  (patches what is imported after it)
from swift.common.middleware import tempauth  # noqa: E402

PORT = 8333


def main(arguments):
    options = dict(each.lstrip("-").split("=", 1) for each in arguments if "=" in each)
    with open(options["s3.config"], encoding="utf8") as file:
        credentials = json.load(file)["identities"][0]["credentials"][0]
    let_in(credentials["accessKey"], credentials["secretKey"])
    serve = swift_s3.serve
    swift_s3.serve = lambda socket, app: serve(socket, with_health(app))
    listen = swift_s3.eventlet.listen
    swift_s3.eventlet.listen = lambda address: listen(
        ("0.0.0.0", PORT) if address[1] == PORT else address
    )
    swift_s3.main(options.get("dir", "/data"), str(PORT), "stand:in", "unused")


def let_in(access_key, secret_key):
    """Swift's own users are called <account>:<user>; an access key of S3 is one word."""
    make = tempauth.TempAuth.__init__

    def make_with_user(self, app, conf):
        make(self, app, conf)
        self.users[access_key] = {
            "key": secret_key,
            "url": "$HOST/v1/AUTH_offload",
            "groups": [".admin"],
        }

    tempauth.TempAuth.__init__ = make_with_user


def with_health(app):
    def answer(env, start_response):
        if env["PATH_INFO"] == "/healthz":
            start_response("200 OK", [("Content-Length", "0")])
            return []
        return app(env, start_response)

    return answer


if __name__ == "__main__":
    main(sys.argv[1:])
