using System.Collections.Immutable;
using System.Net;
using Ambient.Lab.Network;

namespace Ambient.Lab.Tests.Network;

public sealed class ServiceRulesTests
{
    private static readonly HashSet<IPAddress> NoPods = [];

    [Fact]
    public void Update_WithoutChange_IsEmpty()
    {
        var rules = new ServiceRules();
        Assert.NotEqual("", rules.Update([Web("10.244.1.2")], NoPods));
        Assert.Equal("", rules.Update([Web("10.244.1.2")], NoPods));
    }

    [Fact]
    public void Update_OfOneServiceAmongMany_TouchesItsOwnChainOnly()
    {
        var others = Enumerable.Range(1, 50).Select(i => Service($"10.96.1.{i}", "10.244.1.2")).ToList();
        var rules = new ServiceRules();
        rules.Update([.. others, Web("10.244.1.2")], NoPods);
        var change = rules.Update([.. others, Web("10.244.1.2", "10.244.2.3")], NoPods).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            ["flush chain ip kube s51", "add rule ip kube s51 meta l4proto tcp dnat ip addr . port to numgen random mod 2 map { 0 : 10.244.1.2 . 8080, 1 : 10.244.2.3 . 8080 }"],
            change);
    }

    [Fact]
    public void Update_WhenTheLastEndpointGoes_TakesTheAddressOutBeforeItsChain()
    {
        var rules = new ServiceRules();
        rules.Update([Web("10.244.1.2")], NoPods);
        Assert.Equal(
            "delete element ip kube vips { 10.96.0.5 . tcp . 80 }\nflush chain ip kube s1\ndelete chain ip kube s1\n",
            rules.Update([Web()], NoPods));
    }

    [Fact]
    public void Update_OfASixAddress_GoesToTheOtherTable()
    {
        Assert.Contains("add rule ip6 kube s1 meta l4proto tcp dnat ip6 to [fd00::2]:8080", new ServiceRules().Update([Service("fd00:96::5", "fd00::2", "10.244.1.1")], NoPods), StringComparison.Ordinal);
    }

    [Fact]
    public void Update_WithAffinity_ChoosesByTheClient()
    {
        var sticky = Web("10.244.1.2", "10.244.1.3") with { Sticky = true };
        Assert.Contains("jhash ip saddr mod 2", new ServiceRules().Update([sticky], NoPods), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scripts_OfARandomLife_AreTakenByNftAndEndWhereTheFullScriptBegins()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("AMBIENT_IN_NAMESPACE") == "1", "makes network namespaces: run it by eng/in-namespace");
        Starting.LabFolders.ShareNetns();
        const string Name = "rules-test";
        await Netns.CreateAsync(Name, []);
        try
        {
            var random = new Random(11);
            var rules = new ServiceRules();
            await Kernel.Tool.RunAsync(Netns.PathOf(Name), "nft", ["-f", "-"], rules.Full());
            for (var round = 0; round < 12; round++)
            {
                var services = Enumerable.Range(1, 6).Where(_ => random.Next(3) > 0).Select(i => Service(
                    i % 2 == 0 ? $"10.96.2.{i}" : $"fd00:96::2{i}",
                    [.. Enumerable.Range(1, random.Next(0, 4)).Select(e => i % 2 == 0 ? $"10.244.1.{e + i}" : $"fd00:244:1::{e + i}")])).ToList();
                var pods = Enumerable.Range(1, 5).Where(_ => random.Next(2) > 0).Select(i => IPAddress.Parse($"10.244.1.{i}")).ToHashSet();
                await Kernel.Tool.RunAsync(Netns.PathOf(Name), "nft", ["-f", "-"], rules.Update(services, pods));
            }

            var lived = await ListAsync(Name);
            await Kernel.Tool.RunAsync(Netns.PathOf(Name), "nft", ["-f", "-"], rules.Full());
            Assert.Equal(lived, await ListAsync(Name));
        }
        finally
        {
            Netns.Delete(Name);
        }
    }

    // Elements and chains of a listing have no order of their own.
    private static async Task<string[]> ListAsync(string name) =>
        [.. (await Kernel.Tool.RunAsync(Netns.PathOf(name), "nft", ["list", "ruleset"])).Split(['\n', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(l => l.Replace("elements = {", "", StringComparison.Ordinal).Trim(' ', '}')).Where(l => l.Length > 0).Order(StringComparer.Ordinal)];

    private static ServiceView Web(params string[] endpoints) => Service("10.96.0.5", endpoints);

    private static ServiceView Service(string vip, params string[] endpoints) => new()
    {
        Namespace = "a",
        Name = "web",
        ClusterIps = [IPAddress.Parse(vip)],
        Ports = [new ServicePortView("http", "tcp", 80)],
        Endpoints = [.. endpoints.Select(e => new EndpointView(IPAddress.Parse(e), ImmutableDictionary<string, int>.Empty.Add("http", 8080), null))],
    };
}
