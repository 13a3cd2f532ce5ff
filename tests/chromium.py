"""A real browser for tests: headless Chromium over the DevTools protocol, one page at a time."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
import urllib.request
from pathlib import Path

COMMAND = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --remote-debugging-port=0 "
    "--remote-allow-origins=*"
).split()
_KEYS = {"Enter": 13, "Escape": 27, "ArrowLeft": 37, "ArrowRight": 39, "Tab": 9}
_PATIENCE = 30  # seconds
_MIDDLE = """(selector) => {
  const found = document.querySelector(selector);
  found.scrollIntoView({ block: "center" });
  const { x, y, width, height } = found.getClientRects()[0];
  return [x + width / 2, y + height / 2];
}"""


def until(found, what):
    """The first true value of ``found()``; raises AssertionError when there is none for too long."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if value := found():
            return value
        time.sleep(0.02)
    raise AssertionError(f"waited in vain for {what}")


class Browser:
    """A browser with one page; ``close`` ends its processes.

    errors: what the page logged or threw, violations of its policy included.
    """

    def __init__(self, folder: Path):
        import websocket

        assert COMMAND
        self.downloads, self.errors, self._number = folder / "downloads", [], 0
        self.downloads.mkdir()
        profile = folder / "profile"
        self._process = subprocess.Popen(
            [COMMAND, *_FLAGS, f"--user-data-dir={profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        ready = profile / "DevToolsActivePort"
        port = until(lambda: ready.exists() and ready.read_text().split("\n")[0], "the browser")
        pages = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/json"))
        address = next(page["webSocketDebuggerUrl"] for page in pages if page["type"] == "page")
        self._socket = websocket.create_connection(address, timeout=_PATIENCE)
        for domain in ("Page", "Runtime", "Log"):
            self.send(f"{domain}.enable")
        self.send("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(self.downloads))

    def send(self, method, **params):
        """One command of the protocol and its result."""
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") == self._number:
                assert "error" not in message, message
                return message["result"]
            if message.get("method") == "Runtime.exceptionThrown":
                self.errors.append(message["params"]["exceptionDetails"]["exception"].get("description"))
            elif message.get("method") == "Log.entryAdded":
                self.errors.append(message["params"]["entry"]["text"])

    def run(self, script):
        """The value of an expression on the page."""
        found = self.send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def open(self, path, fragment="", size=(1400, 1000), theme="light", media=""):
        """Load a file of this machine and wait until it is ready; without motion, which would blur measurements."""
        features = [
            {"name": "prefers-color-scheme", "value": theme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self.send("Emulation.setEmulatedMedia", media=media, features=features)
        self.send(
            "Emulation.setDeviceMetricsOverride", width=size[0], height=size[1], deviceScaleFactor=1, mobile=False
        )
        self.send("Page.navigate", url="about:blank")
        self.send("Page.navigate", url=path.as_uri() + fragment)
        until(lambda: self.run("document.readyState === 'complete' && location.protocol === 'file:'"), "the page")

    def press(self, *keys):
        """Type each key or character where the focus is."""
        for key in keys:
            code = {"windowsVirtualKeyCode": _KEYS[key]} if key in _KEYS else {"text": key}
            self.send("Input.dispatchKeyEvent", type="keyDown", key=key, **code)
            self.send("Input.dispatchKeyEvent", type="keyUp", key=key)

    def click(self, selector):
        """Click the middle of the first element that the selector finds, with the mouse."""
        x, y = self.run(f"({_MIDDLE})({json.dumps(selector)})")
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def text(self, selector):
        """The text of the first element that the selector finds."""
        return self.run(f"document.querySelector({json.dumps(selector)}).textContent")

    def downloaded(self, name):
        """The bytes of a file that the page made, once it is whole; the file is taken away."""
        path = self.downloads / name
        until(lambda: path.exists() and not list(self.downloads.glob("*.crdownload")), name)
        data = path.read_bytes()
        path.unlink()
        return data

    def close(self):
        """End the browser."""
        self.send("Browser.close")
        self._socket.close()
        self._process.wait(_PATIENCE)
