from datetime import timedelta
import os
from firebreak.kernel import clock
from tests.support.desk import person, PASSWORD
from tests.story import test_activation as story
from firebreak.engine.access.models import SignIn
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.units.models import Member
from firebreak.engine.units.contacts import seal_phone

def test_shots(browser, live_server_url, transactional_db, settings):
    settings.FIREBREAK_DRILL=True
    now=story.TWO_O_CLOCK+timedelta(minutes=12)
    clock.use(lambda: now)
    from tests.support.district import adopt, plant_district, plant_roster
    plant_roster(plant_district(), without=frozenset({"grid-03","lead_tracing"}))
    for m in Member.objects.filter(roster_role="holder"):
        m.phone_sealed=seal_phone("0596-555%04d" % m.id, m.ref); m.save()
    adopt()
    taken=story.signal()
    person("chief","commander"); person("officer","duty_officer"); person("leader","testing_leader",member="member:lead_testing-0")
    prop=story.proposed(taken, __import__("firebreak.engine.plans.queries",fromlist=["x"]).latest_plan().ref)
    from firebreak.kernel.refs import token_of
    out="/tmp/cmdb/shots"; os.makedirs(out, exist_ok=True)
    def session(user, lang, w, h):
        ctx=browser.new_context(base_url=live_server_url, locale="zh-CN" if lang=="zh" else "en-US", viewport={"width":w,"height":h})
        page=ctx.new_page(); page.goto("/sign-in"); page.fill("[name=username]",user); page.fill("[name=password]",PASSWORD); page.press("[name=password]","Enter"); page.wait_for_load_state()
        return page
    def shot(page, path, name, full=False):
        page.goto(path); page.wait_for_timeout(300); page.screenshot(path=f"{out}/{name}.png", full_page=full)
    p=session("chief","zh",1366,768)
    shot(p,"/activation/signals/new".replace("/new","")+"/"+token_of(taken),"signal-second")
    shot(p,"/approvals","approvals")
    o=session("officer","zh",1366,768)
    shot(o,"/activation/signals/new","signal-new")
    Proposal.objects.update(status="withdrawn", decided_at=now)
    shot(o,"/activation/signals/"+token_of(taken),"signal-preview")
    prop=story.proposed(taken, __import__("firebreak.engine.plans.queries",fromlist=["x"]).latest_plan().ref)
    from firebreak.engine.approvals import actions as ap
    ap.approve(proposal=prop, by=story.COMMANDER, at=now-timedelta(minutes=1))
    from firebreak.command.headquarters.models import Order
    from firebreak.engine.tasks.models import Task
    from firebreak.engine.units.models import Post
    order=Order.objects.get(unit__key="testing")
    paths={"activation":"/activation","orders":"/orders","order-new":"/orders/new","order":"/orders/"+token_of(order.ref),"units":"/units","units-lacking":"/units?lacking=1","post":"/units/posts/"+token_of(Post.objects.get(code="grid-01").ref),"tasks":"/tasks","task":"/tasks/"+token_of(order.task.ref),"messages":"/messages","plans":"/plans","plan":"/plans/"+token_of(order and __import__("firebreak.engine.plans.queries",fromlist=["x"]).latest_plan().ref),"first-hour":"/activation/first-hour","call-tree":"/units/call-tree","posts-print":"/units/print"}
    for lang in ("zh","en"):
        d=session("officer",lang,1366,768); m=session("officer",lang,390,844)
        for k,v in paths.items():
            shot(d,v,f"{k}-{lang}"); shot(m,v,f"{k}-{lang}-phone")
    l=session("leader","zh",390,844); shot(l,"/orders/"+token_of(order.ref),"order-leader-phone")
    l.goto("/orders/"+token_of(order.ref)); l.click("text=接收"); l.wait_for_load_state(); l.screenshot(path=f"{out}/order-accepted-phone.png")
