using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Patching;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Tests.Patching;

public sealed class JsonPatchTests
{
    [Theory]
    [InlineData("""[{"op":"add","path":"/list/1","value":9}]""", """{"list":[1,9,2],"o":{"a/b":"c"}}""")]
    [InlineData("""[{"op":"add","path":"/list/-","value":9}]""", """{"list":[1,2,9],"o":{"a/b":"c"}}""")]
    [InlineData("""[{"op":"remove","path":"/o/a~1b"}]""", """{"list":[1,2],"o":{}}""")]
    [InlineData("""[{"op":"replace","path":"/list/0","value":7}]""", """{"list":[7,2],"o":{"a/b":"c"}}""")]
    [InlineData("""[{"op":"move","from":"/list/0","path":"/first"}]""", """{"list":[2],"o":{"a/b":"c"},"first":1}""")]
    [InlineData("""[{"op":"copy","from":"/o","path":"/p"},{"op":"test","path":"/p/a~1b","value":"c"}]""", """{"list":[1,2],"o":{"a/b":"c"},"p":{"a/b":"c"}}""")]
    public void Apply_Operations_Change(string operations, string expected)
    {
        JsonNode result = JsonPatch.Apply(Target(), (JsonArray)JsonNode.Parse(operations)!);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), result), result.ToJsonString());
    }

    [Theory]
    [InlineData("""[{"op":"test","path":"/list/0","value":5}]""")]
    [InlineData("""[{"op":"remove","path":"/nobody"}]""")]
    [InlineData("""[{"op":"replace","path":"/nobody","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/list/7","value":1}]""")]
    [InlineData("""[{"op":"remove","path":""}]""")]
    [InlineData("""[{"op":"dance","path":"/list"}]""")]
    [InlineData("""[{"path":"/list"}]""")]
    public void Apply_Impossible_Gets422(string operations) =>
        Assert.Equal(422, Assert.Throws<ApiException>(() => JsonPatch.Apply(Target(), (JsonArray)JsonNode.Parse(operations)!)).Code);

    private static JsonObject Target() => (JsonObject)JsonNode.Parse("""{"list":[1,2],"o":{"a/b":"c"}}""")!;
}
