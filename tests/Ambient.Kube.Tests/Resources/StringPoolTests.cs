using System.Text;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;

namespace Ambient.Kube.Tests.Resources;

public sealed class StringPoolTests
{
    [Fact]
    public void Read_TwoObjects_ShareTheStringsTheyRepeat()
    {
        Pod a = Read("""{"metadata":{"labels":{"app.kubernetes.io/name":"orders"}}}""");
        Pod b = Read("""{"metadata":{"labels":{"app.kubernetes.io/name":"orders"}}}""");
        Assert.Same(a.Metadata.Labels.Single().Key, b.Metadata.Labels.Single().Key);
        Assert.Same(a.Metadata.Labels.Single().Value, b.Metadata.Labels.Single().Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("grün und ähnlich")]
    [InlineData("a\\\"b")]
    public void Read_EmptyEscapedOrNotAscii_IsWhatWasWritten(string json)
    {
        Pod pod = Read($$$"""{"metadata":{"annotations":{"k":"{{{json}}}"},"name":null}}""");
        Assert.Equal(json.Replace("\\", "", StringComparison.Ordinal), pod.Metadata.Annotations["k"]);
    }

    private static Pod Read(string json) => ObjectCodec.Typed<Pod>().Read(Encoding.UTF8.GetBytes(json));
}
