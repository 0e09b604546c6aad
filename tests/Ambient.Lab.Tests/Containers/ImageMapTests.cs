using Ambient.Kube.Resources;
using Ambient.Lab.Containers;

namespace Ambient.Lab.Tests.Containers;

public sealed class ImageMapTests
{
    private static readonly ImageMap Images = new("/built", new Dictionary<string, string> { ["team/app"] = "/opt/app" });

    [Theory]
    [InlineData("ambient/echo", "/built/bin/Ambient.Echo/release/ambient-echo")]
    [InlineData("ambient/echo:0.1.0", "/built/bin/Ambient.Echo/release/ambient-echo")]
    [InlineData("ghcr.io/ambient/echo:1", "/built/bin/Ambient.Echo/release/ambient-echo")]
    [InlineData("localhost:5000/ambient/echo@sha256:00", "/built/bin/Ambient.Echo/release/ambient-echo")]
    [InlineData("myregistry/orders-service:v1", "/built/bin/Ambient.Echo/release/ambient-echo")]
    [InlineData("team/app:7", "/opt/app")]
    [InlineData("nginx:1.27", null)]
    public void Find_ByName_LeadsToAProgramWhateverRegistryAndTag(string image, string? program) => Assert.Equal(program, Images.Find(image));

    [Fact]
    public void Capabilities_AreTheRuntimesOwn_PlusAndMinusWhatIsAsked()
    {
        Assert.True(CapabilitySet.Of(null).Has("NET_BIND_SERVICE"));
        Assert.False(CapabilitySet.Of(null).Has("NET_ADMIN"));
        var asked = CapabilitySet.Of(new SecurityContext { Capabilities = new Capabilities { Add = ["CAP_NET_ADMIN"], Drop = ["all"] } });
        Assert.True(asked.Has("NET_ADMIN"));
        Assert.False(asked.Has("NET_RAW"));
        Assert.True(CapabilitySet.Of(new SecurityContext { Privileged = true }).Has("SYS_ADMIN"));
    }
}
