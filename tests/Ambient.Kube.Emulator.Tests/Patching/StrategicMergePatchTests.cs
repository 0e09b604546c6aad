using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Patching;
using Ambient.Kube.Emulator.Schemas;

namespace Ambient.Kube.Emulator.Tests.Patching;

public sealed class StrategicMergePatchTests
{
    private static readonly Schema PodSpec = SchemaText.ReadAll().Types["PodSpec"];

    [Theory]
    [InlineData("""{"containers":[{"name":"a","image":"1"},{"name":"b","image":"1"}]}""", """{"containers":[{"name":"b","image":"2"}]}""",
        """{"containers":[{"name":"a","image":"1"},{"name":"b","image":"2"}]}""")]
    [InlineData("""{"containers":[{"name":"a","image":"1"},{"name":"b","image":"1"}]}""", """{"containers":[{"name":"a","$patch":"delete"}]}""",
        """{"containers":[{"name":"b","image":"1"}]}""")]
    [InlineData("""{"containers":[{"name":"a","image":"1"}]}""", """{"containers":[{"name":"b","image":"2"}],"$setElementOrder/containers":[{"name":"b"},{"name":"a"}]}""",
        """{"containers":[{"name":"b","image":"2"},{"name":"a","image":"1"}]}""")]
    [InlineData("""{"containers":[{"name":"a","image":"1"}]}""", """{"containers":[{"$patch":"replace"},{"name":"c","image":"3"}]}""", """{"containers":[{"name":"c","image":"3"}]}""")]
    [InlineData("""{"tolerations":[{"key":"a"}]}""", """{"tolerations":[{"key":"b"}]}""", """{"tolerations":[{"key":"b"}]}""")]
    [InlineData("""{"nodeSelector":{"a":"b"}}""", """{"nodeSelector":{"a":null,"c":"d"}}""", """{"nodeSelector":{"c":"d"}}""")]
    [InlineData("""{"volumes":[{"name":"v","emptyDir":{}}]}""", """{"volumes":[{"name":"v","$retainKeys":["name","hostPath"],"hostPath":{"path":"/x"}}]}""",
        """{"volumes":[{"name":"v","hostPath":{"path":"/x"}}]}""")]
    [InlineData("""{"nodeSelector":{"a":"b"}}""", """{"nodeSelector":{"$patch":"replace","c":"d"}}""", """{"nodeSelector":{"c":"d"}}""")]
    public void Apply_Patch_Merges(string target, string patch, string expected)
    {
        JsonObject result = StrategicMergePatch.Apply((JsonObject)JsonNode.Parse(target)!, (JsonObject)JsonNode.Parse(patch)!, PodSpec);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), result), result.ToJsonString());
    }

    [Fact]
    public void Apply_ScalarListWithDirectives_AddsAndDeletes()
    {
        Schema meta = SchemaText.ReadAll().Types["ObjectMeta"];
        var target = (JsonObject)JsonNode.Parse("""{"finalizers":["a","b"]}""")!;
        var patch = (JsonObject)JsonNode.Parse("""{"finalizers":["c"],"$deleteFromPrimitiveList/finalizers":["a"]}""")!;
        Assert.Equal("""{"finalizers":["b","c"]}""", StrategicMergePatch.Apply(target, patch, meta).ToJsonString());
    }
}
