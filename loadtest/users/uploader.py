"""Somebody who shares files of a size as phones send them, made smaller by the client."""

from locust import between, task

from loadtest.common.stamps import now_ms, stamped
from loadtest.common.web import WebFailed
from loadtest.users.person import Person

FILE_BYTES = (20_000, 300_000)


class Uploader(Person):
    """Uploads noise, which no compression makes smaller, and sends it as a message."""

    wait_time = between(30, 90)

    @task
    def share(self) -> None:
        if not self.run_state.is_chatting:
            return
        path = f"/api/rooms/{self.room}/files"
        data = self.dice.randbytes(self.dice.randint(*FILE_BYTES))
        try:
            answer = self.ask("POST", path, data, X_File_Name="noise.bin", Content_Type="application/octet-stream")
        except WebFailed as error:
            self.fail("upload", error)
            return
        text = self.run_state.corpus.text(self.dice)
        self.say(stamped(text, now_ms()), files=[answer.json()["id"]])
