using System.Net;
using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Tests.Admission;

public sealed class ServiceTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"ports":[{"port":80}]}""", "IPv4", "SingleStack", 1)]
    [InlineData("""{"ports":[{"port":80}],"ipFamilyPolicy":"PreferDualStack"}""", "IPv4,IPv6", "PreferDualStack", 2)]
    [InlineData("""{"ports":[{"port":80}],"ipFamilies":["IPv6"]}""", "IPv6", "SingleStack", 1)]
    [InlineData("""{"ports":[{"port":80}],"ipFamilies":["IPv6","IPv4"],"ipFamilyPolicy":"RequireDualStack"}""", "IPv6,IPv4", "RequireDualStack", 2)]
    public async Task Create_Families_GetAnAddressEach(string spec, string families, string policy, int addresses)
    {
        await using EmulatedApiServer own = await DualAsync();
        JsonObject made = await CreateAsync(own, "a", spec);
        Assert.Equal(families, string.Join(',', made.Items("spec", "ipFamilies").Select(f => f.Plain())));
        Assert.Equal(policy, made.Text("spec", "ipFamilyPolicy"));
        string[] given = [.. made.Items("spec", "clusterIPs").Select(a => a.Plain()!)];
        Assert.Equal(addresses, given.Length);
        Assert.Equal(given[0], made.Text("spec", "clusterIP"));
        Assert.All(given, a => Assert.True(IPNetwork.Parse("10.96.0.0/16").Contains(IPAddress.Parse(a)) || IPNetwork.Parse("fd00:96::/112").Contains(IPAddress.Parse(a))));
    }

    [Fact]
    public async Task Create_HeadlessAndExternalName_GetNone()
    {
        await using EmulatedApiServer own = await DualAsync();
        Assert.Equal("None", (await CreateAsync(own, "a", """{"clusterIP":"None","ports":[{"port":80}]}""")).Text("spec", "clusterIP"));
        JsonObject external = await CreateAsync(own, "b", """{"type":"ExternalName","externalName":"example.com"}""");
        Assert.Null(external.At("spec", "clusterIP"));
    }

    [Fact]
    public async Task Create_AddressInUse_IsRefusedAndFreedWithItsService()
    {
        await using EmulatedApiServer own = await DualAsync();
        const string Fixed = """{"clusterIP":"10.96.0.77","ports":[{"port":80}]}""";
        await CreateAsync(own, "a", Fixed);
        JsonObject taken = await CreateAsync(own, "b", Fixed);
        Assert.Contains("provided IP is already allocated", taken.Text("message"), StringComparison.Ordinal);
        Assert.Contains("not in the valid range", (await CreateAsync(own, "c", """{"clusterIP":"10.97.0.1","ports":[{"port":80}]}""")).Text("message"), StringComparison.Ordinal);
        using HttpClient client = ServerFixture.ClientOf(own, "a", "system:masters");
        await client.DeleteAsync(new Uri("/api/v1/namespaces/default/services/a", UriKind.Relative), Ct);
        Assert.Equal("10.96.0.77", (await CreateAsync(own, "b", Fixed)).Text("spec", "clusterIP"));
    }

    [Fact]
    public async Task Start_KubernetesService_HasTheFirstAddress()
    {
        await using EmulatedApiServer own = await DualAsync();
        using HttpClient client = ServerFixture.ClientOf(own, "a", "system:masters");
        JsonNode? service = JsonNode.Parse(await client.GetStringAsync(new Uri("/api/v1/namespaces/default/services/kubernetes", UriKind.Relative), Ct));
        Assert.Equal("10.96.0.1", service.Text("spec", "clusterIP"));
        JsonNode? slice = JsonNode.Parse(await client.GetStringAsync(new Uri("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes", UriKind.Relative), Ct));
        Assert.Equal("172.30.0.1", slice.Items("endpoints").Single().Items("addresses").Single().Plain());
    }

    private static Task<EmulatedApiServer> DualAsync() => EmulatedApiServer.StartAsync(
        new EmulatorOptions { ServiceCidr6 = IPNetwork.Parse("fd00:96::/112"), AdvertisedAddress = IPEndPoint.Parse("172.30.0.1:6443") }, Ct);

    private static async Task<JsonObject> CreateAsync(EmulatedApiServer own, string name, string spec)
    {
        using HttpClient client = ServerFixture.ClientOf(own, "a", "system:masters");
        var body = new JsonObject { ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = JsonNode.Parse(spec) };
        using HttpResponseMessage response = await client.PostAsync(new Uri("/api/v1/namespaces/default/services", UriKind.Relative), new StringContent(body.ToJsonString(), null, "application/json"), Ct);
        return (JsonObject)JsonNode.Parse(await response.Content.ReadAsStringAsync(Ct))!;
    }
}
