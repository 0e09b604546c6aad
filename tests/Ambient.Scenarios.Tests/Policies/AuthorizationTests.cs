using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Policies;

/// <summary>The L4 words of an AuthorizationPolicy: three callers (web, payment, and old from outside the mesh), one server on another node.</summary>
public sealed class AuthorizationTests(MeshFixture mesh) : Scenario(mesh)
{
    [Fact]
    public Task Allow_OfAPrincipal_AdmitsItAlone() =>
        ShowAsync("ALLOW", c => $"[{{ from: [{{ source: {{ principals: [{c.Web.Principal}] }} }}] }}]", web: true, payment: false, old: false);

    [Fact]
    public Task Allow_OfAPrincipalBySuffix_AdmitsItAlone() =>
        ShowAsync("ALLOW", _ => "[{ from: [{ source: { principals: ['*/sa/web'] } }] }]", web: true, payment: false, old: false);

    [Fact]
    public Task Allow_OfANamespace_AdmitsItsPodsAlone() =>
        ShowAsync("ALLOW", c => $"[{{ from: [{{ source: {{ namespaces: [{c.Payment.Namespace}] }} }}] }}]", web: false, payment: true, old: false);

    [Fact]
    public Task Allow_OfAnIpBlock_AdmitsItsAddressesAlone() =>
        ShowAsync("ALLOW", c => $"[{{ from: [{{ source: {{ ipBlocks: [{c.Old.Address}, {c.Web.Address}/32] }} }}] }}]", web: true, payment: false, old: true);

    [Fact]
    public Task Allow_OfAllButAnIpBlock_AdmitsTheOthers() =>
        ShowAsync("ALLOW", c => $"[{{ from: [{{ source: {{ notIpBlocks: [{c.Web.Address}] }} }}] }}]", web: false, payment: true, old: true);

    [Fact]
    public Task Allow_OfAllButAPrincipal_AdmitsTheOtherIdentities() =>
        ShowAsync("ALLOW", c => $"[{{ from: [{{ source: {{ notPrincipals: [{c.Web.Principal}] }} }}] }}]", web: false, payment: true, old: null);

    [Fact]
    public Task Allow_OfAllButANamespace_AdmitsTheOtherIdentities() =>
        ShowAsync("ALLOW", c => $"[{{ from: [{{ source: {{ notNamespaces: [{c.Payment.Namespace}] }} }}] }}]", web: true, payment: false, old: null);

    [Fact]
    public Task Deny_OfAPrincipal_RefusesItAlone() =>
        ShowAsync("DENY", c => $"[{{ from: [{{ source: {{ principals: [{c.Payment.Principal}] }} }}] }}]", web: true, payment: false, old: true);

    [Fact]
    public Task Deny_OfAllButAPrincipal_RefusesEverybodyElse() =>
        ShowAsync("DENY", c => $"[{{ from: [{{ source: {{ notPrincipals: [{c.Web.Principal}] }} }}] }}]", web: true, payment: false, old: false);

    [Fact]
    public Task Deny_OfAnIpBlock_RefusesItsAddressesAlone() =>
        ShowAsync("DENY", c => $"[{{ from: [{{ source: {{ ipBlocks: [{c.Old.Address}/32] }} }}] }}]", web: true, payment: true, old: false);

    [Fact]
    public async Task Deny_OfAPort_RefusesItAlone()
    {
        Callers c = await CallersAsync();

        await PolicyAsync(c.Orders.Namespace, "rule", "DENY", "orders", "[{ to: [{ operation: { ports: ['9002'] } }] }]");

        await BecomesAsync(c.Web, c.Orders, 9002, reached: false);
        await DenialAsync(c.Web, c.Orders, "rule");
        await BecomesAsync(c.Old, c.Orders, 9002, reached: false);
        Assert.True(await c.Web.ReachesAsync(c.Orders, 9000));
        Assert.True(await c.Old.ReachesAsync(c.Orders, 9000));
    }

    [Fact]
    public async Task Allow_OfAllButAPort_AdmitsTheOthers()
    {
        Callers c = await CallersAsync();

        await PolicyAsync(c.Orders.Namespace, "rule", "ALLOW", "orders", "[{ to: [{ operation: { notPorts: ['9002'] } }] }]");

        await BecomesAsync(c.Web, c.Orders, 9002, reached: false);
        Assert.True(await c.Web.ReachesAsync(c.Orders, 9000));
    }

    [Fact]
    public async Task Deny_BesideAllow_IsStronger()
    {
        Callers c = await CallersAsync();
        string web = $"[{{ from: [{{ source: {{ principals: [{c.Web.Principal}] }} }}] }}]";

        await PolicyAsync(c.Orders.Namespace, "web-may", "ALLOW", null, web);
        await BecomesAsync(c.Payment, c.Orders, 9000, reached: false);
        Assert.True(await c.Web.ReachesAsync(c.Orders));
        await PolicyAsync(c.Orders.Namespace, "web-may-not", "DENY", "orders", web);

        await BecomesAsync(c.Web, c.Orders, 9000, reached: false);
        AccessEntry denial = await DenialAsync(c.Web, c.Orders, "web-may-not");
        Assert.Equal("0", denial["rule"]);
        await DeleteAsync("security.istio.io", "AuthorizationPolicy", c.Orders.Namespace, "web-may-not");
        await BecomesAsync(c.Web, c.Orders, 9000, reached: true);
    }

    /// <summary>One policy, and who gets through under it; null is not looked at.</summary>
    private async Task ShowAsync(string action, Func<Callers, string> rules, bool web, bool payment, bool? old)
    {
        Callers c = await CallersAsync();
        (MeshPod From, bool? Expected)[] all = [(c.Web, web), (c.Payment, payment), (c.Old, old)];
        foreach ((MeshPod from, _) in all)
        {
            Assert.True(await from.ReachesAsync(c.Orders), $"{from} before the policy");
        }

        await PolicyAsync(c.Orders.Namespace, "rule", action, "orders", rules(c));

        // The refused ones first: once one of them is, the policy is in force, and the others are let through by it.
        foreach ((MeshPod from, bool? expected) in all.Where(a => a.Expected is not null).OrderBy(a => a.Expected))
        {
            await BecomesAsync(from, c.Orders, 9000, expected!.Value);
            if (expected is false)
            {
                await Ztunnels.LoggedAsync(e => e.IsInbound && e.IsBetween(from, c.Orders) && e["reason"] == "denied", $"the denial of {from}");
            }
        }
    }

    private async Task<Callers> CallersAsync()
    {
        (string shop, string bank, string legacy) =
            (await NamespaceAsync("shop"), await NamespaceAsync("bank"), await NamespaceAsync("legacy", enrolled: false));
        MeshPod[] pods = await StartAsync(
            new PodPlan(shop, "web"), new PodPlan(bank, "payment"), new PodPlan(legacy, "old"),
            new PodPlan(shop, "orders") { Node = "node-2", IsEcho = true });
        return new Callers(pods[0], pods[1], pods[2], pods[3]);
    }

    private sealed record Callers(MeshPod Web, MeshPod Payment, MeshPod Old, MeshPod Orders);
}
