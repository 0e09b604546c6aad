using Ambient.Core;
using Ambient.Waypoint.Hosting;

namespace Ambient.Waypoint.Tests.Hosting;

public sealed class WaypointConfigReaderTests
{
    [Fact]
    public void Read_GatewayAndNamespace_NameProcessAndIdentity()
    {
        WaypointConfig config = Reader(("AMBIENT_GATEWAY", "shop-waypoint"), ("POD_NAMESPACE", "shop"), ("POD_NAME", "shop-waypoint-1")).Read();

        Assert.Equal(new NamespacedName("shop", "shop-waypoint"), config.Gateway);
        Assert.Equal("spiffe://cluster.local/ns/shop/sa/shop-waypoint", config.Identity("cluster.local").ToString());
        Assert.Equal("Kubernetes//Pod/shop/shop-waypoint-1", config.WorkloadUid);
    }

    [Theory]
    [InlineData("AMBIENT_GATEWAY", "")]
    [InlineData("POD_NAMESPACE", "")]
    [InlineData("AMBIENT_DETECT_SECONDS", "soon")]
    [InlineData("AMBIENT_BIND_ADDRESS", "localhost")]
    [InlineData("AMBIENT_XDS_ADDRESS", "http://operator")]
    public void Read_SenselessValue_IsRefusedByName(string name, string value)
    {
        var reader = Reader([("AMBIENT_GATEWAY", "w"), ("POD_NAMESPACE", "shop"), (name, value)]);

        Assert.Contains(name, Assert.Throws<FormatException>(reader.Read).Message, StringComparison.Ordinal);
    }

    private static WaypointConfigReader Reader(params (string Name, string Value)[] variables) =>
        new(name => variables.LastOrDefault(v => v.Name == name).Value);
}
