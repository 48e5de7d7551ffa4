"""Opens and closes a voucher campaign on a running service."""

import argparse
import sys

from shop.client import Client, Refused


def main() -> int:
    """Open or close the campaign; returns the exit status."""
    options = _options()
    path = f"/vouchers/{options.code}"
    try:
        client = Client(options.url)
        if options.action == "open":
            client.call("PUT", path, {"percent": options.percent, "minimum": options.minimum})
        else:
            client.call("DELETE", path)
    except (OSError, ValueError, Refused) as error:
        sys.stderr.write(f"could not {options.action} {options.code}: {error}\n")
        return 1
    sys.stdout.write(f"{options.action}: {options.code}\n")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m shop.campaign", description=__doc__)
    parser.add_argument("action", choices=["open", "close"])
    parser.add_argument("code", help="what customers type, such as SPRING10")
    parser.add_argument("--url", required=True, help="address of the service")
    parser.add_argument("--percent", type=int, default=10)
    parser.add_argument("--minimum", default="0.00", help="least value of goods")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
