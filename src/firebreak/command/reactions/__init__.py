"""The one table: this journal event leads to that action. Upward news travels only through here."""
