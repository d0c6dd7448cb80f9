"""A response may also end closed: with nothing owed, not only because its signal was wrong."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('activation', '0002_append_only'),
        ('areas', '0002_area_versions'),
        ('journal', '0002_append_only'),
        ('plans', '0002_append_only'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='response',
            name='response_ended_has_moment_and_reason',
        ),
        migrations.AlterField(
            model_name='response',
            name='status',
            field=models.CharField(choices=[('active', 'Active'), ('cancelled', 'Cancelled'), ('closed', 'Closed')], default='active', max_length=9),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('status', 'active')), models.Q(('ended_at__isnull', False), ('status__in', ['cancelled', 'closed']), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='response_ended_has_moment_and_reason'),
        ),
    ]
