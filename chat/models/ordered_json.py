import json
from typing import Any

from django.db import models


class OrderedJSONField(models.JSONField):
    """JSON whose keys stay in their order, whatever the database: PostgreSQL's own JSON type sorts them."""

    def db_type(self, connection: Any) -> str:
        return "text"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return json.dumps(value, ensure_ascii=False, cls=self.encoder)
