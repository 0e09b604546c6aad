using System.Net;
using Ambient.Compile.Reports;
using Ambient.Compile.Services;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Tests.Services;

/// <summary>Addresses for hosts that have none of their own: who gets which, and what is believed of a status.</summary>
public sealed class AutoAddressTests
{
    [Theory]
    [InlineData("resolution: DNS", "{}", true)]
    [InlineData("resolution: DNS_ROUND_ROBIN", "{}", true)]
    [InlineData("resolution: STATIC, endpoints: [{ address: 192.0.2.1 }]", "{}", true)]
    [InlineData("resolution: NONE", "{}", false)]
    [InlineData("resolution: DNS, addresses: [198.51.100.1]", "{}", false)]
    [InlineData("resolution: DNS", "{ networking.istio.io/enable-autoallocate-ip: \"false\" }", false)]
    [InlineData("resolution: DNS", "{ networking.istio.io/enable-autoallocate-ip: \"true\" }", true)]
    public void Host_Of_GetsAddresses(string spec, string labels, bool gets)
    {
        var addresses = Report(Mesh.Compile(Entry("a", "a.example", spec, labels))).Addresses;

        Assert.Equal(gets, addresses is not null);
        if (gets)
        {
            Assert.Equal(2, addresses!.Value.Length);
            Assert.StartsWith("240.240.", addresses.Value[0].Value, StringComparison.Ordinal);
            Assert.StartsWith("2001:2::", addresses.Value[1].Value, StringComparison.Ordinal);
            Assert.All(addresses.Value, a => Assert.Equal("a.example", a.Host));
        }
    }

    [Fact]
    public void Addresses_OfOneHost_AreTheSameForEverybodyWhoAsks() =>
        Assert.Equal(Report(Mesh.Compile(Entry("a", "a.example"))).Addresses!.Value, Report(Mesh.Compile(Entry("b", "b.example"), Entry("a", "a.example"))).Addresses!.Value);

    [Fact]
    public void Hosts_ManyOfThem_ShareNoAddress()
    {
        var compiler = new IncrementalCompiler(CompileOptions.Default);
        for (int i = 0; i < 3000; i++)
        {
            Put(compiler, Entry($"e{i}", $"h{i}.example"));
        }

        string[] all = [.. compiler.Flush().Status.SelectMany(s => s.Addresses!.Value.Select(a => a.Value))];

        Assert.Equal(6000, all.Length);
        Assert.Equal(6000, all.Distinct().Count());
    }

    [Fact]
    public void Status_AsItWasWritten_IsServedAndStays()
    {
        var first = Report(Mesh.Compile(Entry("a", "a.example"))).Addresses!.Value;
        var result = Mesh.Compile(Entry("a", "a.example", status: first));

        Assert.Equal(first.Select(a => a.Value), Assert.Single(result.Services).Addresses.Select(a => a.Address.ToString()));
        Assert.Equal(first, Report(result).Addresses!.Value);
    }

    [Fact]
    public void Status_OfAnotherController_IsKept()
    {
        var result = Mesh.Compile(Entry("a", "a.example", status: [Address("240.240.0.7", "a.example")]));

        Assert.Equal("240.240.0.7", Assert.Single(Assert.Single(result.Services).Addresses).Address.ToString());
        Assert.Equal("240.240.0.7", Report(result).Addresses!.Value[0].Value);
    }

    [Theory]
    [InlineData("10.96.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("2001:db8::1")]
    public void Status_WithAnAddressOfOthers_IsNotBelieved(string address)
    {
        var result = Mesh.Compile(Entry("a", "a.example", status: [Address(address, "a.example")]));

        Assert.Empty(Assert.Single(result.Services).Addresses);
        Assert.DoesNotContain(Report(result).Addresses!.Value, a => a.Value == address);
    }

    [Fact]
    public void Status_ThatTwoHave_IsTheOldersAndTheOtherGetsAnother()
    {
        var result = Mesh.Compile(
            Entry("young", "young.example", status: [Address("240.240.0.7", "young.example")], created: "2026-02-01T00:00:00Z"),
            Entry("old", "old.example", status: [Address("240.240.0.7", "old.example")], created: "2026-01-01T00:00:00Z"));

        Assert.Equal("240.240.0.7", Assert.Single(result.Services.Single(s => s.Name == "old").Addresses).Address.ToString());
        Assert.Empty(result.Services.Single(s => s.Name == "young").Addresses);
        Assert.DoesNotContain(Report(result, "young").Addresses!.Value, a => a.Value == "240.240.0.7");
    }

    [Fact]
    public void Address_ThatSomebodyWritesForHimself_IsGivenUp()
    {
        var compiler = new IncrementalCompiler(CompileOptions.Default);
        Put(compiler, Entry("a", "a.example", status: [Address("240.240.0.7", "a.example")]));
        compiler.Flush();

        Put(compiler, Entry("b", "b.example", "resolution: DNS, addresses: [240.240.0.7]"));
        var update = compiler.Flush();

        Assert.Empty(update.Update.Services.Single(s => s.Name == "a").Addresses);
        Assert.DoesNotContain(update.Status.Single(s => s.Name == "a").Addresses!.Value, a => a.Value == "240.240.0.7");
    }

    [Fact]
    public void Addresses_NoLongerWanted_AreTakenBack() =>
        Assert.Empty(Report(Mesh.Compile(Entry("a", "a.example", "resolution: DNS, addresses: [198.51.100.1]", status: [Address("240.240.0.7", "a.example")]))).Addresses!.Value);

    [Theory]
    [InlineData("{ ambient.dev/use-waypoint: egress }", true)]
    [InlineData("{}", false)]
    public void Wildcard_ResolvedByRequest_NeedsAWaypoint(string labels, bool served)
    {
        var entry = Entry("any", "'*.example'", "resolution: DYNAMIC_DNS, location: MESH_EXTERNAL", labels, status: [Address("240.240.0.9", "*.example")]);
        var result = Mesh.Compile(Gateway, entry);

        Assert.Equal(served, result.Services.Any(s => s.Hostname == "*.example" && s.Waypoint is not null && s.Addresses.Length == 1));
        Assert.Equal(served, result.Workloads.Any(w => w.Hostname == "*.example"));
        Assert.Equal(!served, result.Findings.Any(f => f.Code == FindingCodes.UnsupportedResolution));
    }

    [Theory]
    [InlineData("resolution: DYNAMIC_DNS, location: MESH_INTERNAL", "spec.location")]
    [InlineData("resolution: DYNAMIC_DNS, endpoints: [{ address: a.example }]", "spec.endpoints")]
    public void DynamicDns_With_IsRefused(string spec, string field) =>
        Assert.Contains(Mesh.Compile(Entry("a", "a.example", spec)).Findings, f => f.Field == field && f.Level == FindingLevel.Error);

    [Fact]
    public void None_WithoutAddresses_IsToldToMeanNothing() =>
        Assert.Contains(Mesh.Compile(Entry("a", "a.example", "resolution: NONE")).Findings, f => f is { Code: FindingCodes.UnsupportedResolution, Field: "spec.addresses" });

    [Fact]
    public void Choices_AreWithinTheRangesAndDiffer()
    {
        var choices = AutoAddress.Choices(new ObjectKey(KnownKinds.ServiceEntry, "shop", "a"), "a.example").Take(100).ToList();

        Assert.All(choices, c => Assert.True(IPNetwork.Parse("240.240.0.0/16").Contains(c.V4) && IPNetwork.Parse("2001:2::/48").Contains(c.V6)));
        Assert.True(choices.Distinct().Count() > 95);
    }

    private const string Gateway = """
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: { name: egress, namespace: shop }
        spec: { gatewayClassName: ambient-waypoint }
        """;

    private static ReportedAddress Address(string value, string host) => ReportedAddress.Of(value) with { Host = host };

    private static StatusReport Report(CompileResult result, string name = "a") => Assert.Single(result.Status, s => s.Kind == "ServiceEntry" && s.Name == name);

    private static void Put(IncrementalCompiler compiler, string yaml)
    {
        foreach (var manifest in Mesh.Objects(yaml))
        {
            compiler.Put(manifest);
        }
    }

    private static string Entry(
        string name, string host, string spec = "resolution: DNS", string labels = "{}", IEnumerable<ReportedAddress>? status = null, string created = "2026-01-01T00:00:00Z") => $$"""
        ---
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: { name: {{name}}, namespace: shop, labels: {{labels}}, creationTimestamp: "{{created}}" }
        spec: { hosts: [{{host}}], ports: [{ number: 443, name: https, protocol: HTTPS }], {{spec}} }
        status: { addresses: [{{string.Join(", ", (status ?? []).Select(a => $"{{ value: \"{a.Value}\", host: \"{a.Host}\" }}"))}}] }

        """;
}
