"""An agent that asks before each call, with Python's standard library alone. See README.md beside this file.

    python3 examples/agent-loop/agent_loop.py [URL] [KEYFILE]
"""

import json
import pathlib
import sys
import time
import urllib.request
import uuid

IDENTITY = {"user_id": "u-1", "session_id": "session-1", "tenant_id": "tenant-a"}
POLL_SECONDS = 0.5
PATIENCE_SECONDS = 600


class ControlPlane:
    """Asks for permission. Anything but a clear yes is a no; an error stops the agent."""

    def __init__(self, base_url, api_key):
        self._base_url = base_url
        self._headers = {"X-API-Key": api_key, "Content-Type": "application/json"}

    def _request(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._base_url + path, data, self._headers)
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)

    def _authorize(self, call, token):
        body = {"request_id": str(uuid.uuid4()), **IDENTITY, "approval_token": token, "tool_call": call}
        return self._request("/v1/authorize", body)

    def _wait_for_token(self, approval_id):
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            record = self._request(f"/v1/approvals/{approval_id}")
            # Approved comes a moment before the token, which waits for the record of the approval.
            if record["status"] == "approved" and "approval_token" in record:
                return record["approval_token"]
            if record["status"] not in ("pending", "approved"):
                return None
            time.sleep(POLL_SECONDS)
        return None

    def ask(self, call):
        """The arguments to run the call with, or None, and the reason."""
        decision = self._authorize(call, None)
        if decision["effect"] == "step_up" and decision["approval"]:
            approval_id = decision["approval"]["approval_id"]
            print(f"waiting for a human: approval {approval_id}", flush=True)
            token = self._wait_for_token(approval_id)
            if token is None:
                return None, "no human approved"
            # Exactly the same call again: the token is for this one and no other.
            decision = self._authorize(call, token)
        arguments = decision["arguments"] if decision["effect"] == "allow" else None
        return arguments, decision["reason"]


def simulate(tool_name, arguments):
    """A tool that does nothing; in a real agent, the only place that can do something."""
    return f"simulated {tool_name} with {', '.join(sorted(arguments))}"


def main(base_url="http://127.0.0.1:8080", key_file="examples/approvals/keys/support-bot.key"):
    plane = ControlPlane(base_url, pathlib.Path(key_file).read_text(encoding="utf-8").strip())
    proposals = json.loads(pathlib.Path(__file__).with_name("proposals.json").read_text(encoding="utf-8"))
    for call in proposals:
        arguments, reason = plane.ask(call)
        if arguments is None:
            print(f"{call['tool_name']}: refused ({reason})", flush=True)
        else:
            # What was authorized is what runs: the arguments of the answer, not those of the proposal.
            print(f"{call['tool_name']}: {simulate(call['tool_name'], arguments)}", flush=True)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except OSError as error:
        # Without an answer nothing may run: the agent stops.
        sys.exit(f"stopped: {error}")
