using System.Text.Json.Nodes;
using Ambient.Kube.Resources;
using Ambient.Lab.Controlling;

namespace Ambient.Lab.Tests.Controlling;

public sealed class TemplatesTests
{
    [Fact]
    public void Hash_IsTheSameWhateverTheOrderOfFields_AndAnotherForAnotherTemplate()
    {
        var hash = Hash("""{"metadata":{"labels":{"a":"1","b":"2"}},"spec":{"x":1}}""");
        Assert.Equal(hash, Hash("""{"spec":{"x":1},"metadata":{"labels":{"b":"2","a":"1"}}}"""));
        Assert.NotEqual(hash, Hash("""{"spec":{"x":2},"metadata":{"labels":{"b":"2","a":"1"}}}"""));
        Assert.Matches("^[a-z0-9]{10}$", hash);
    }

    [Fact]
    public void Pod_FromATemplate_KeepsEveryFieldAndLeavesTheTemplateAlone()
    {
        var template = (JsonObject)JsonNode.Parse("""{"metadata":{"name":"no","labels":{"a":"1"}},"spec":{"unheardOf":{"deep":[1]}}}""")!;
        var before = template.ToJsonString();
        var pod = Templates.Pod(template, "ns", (null, "web-"), new Dictionary<string, string> { ["b"] = "2" }, Owning.Reference("apps/v1", "ReplicaSet", new ObjectMeta { Name = "web", Uid = "u" }));
        Assert.Equal(before, template.ToJsonString());
        Assert.Equal("[1]", pod["spec"]!["unheardOf"]!["deep"]!.ToJsonString());
        Assert.Equal("""{"a":"1","b":"2"}""", pod["metadata"]!["labels"]!.ToJsonString());
        Assert.Null(pod["metadata"]!["name"]);
        Assert.Equal("web-", (string?)pod["metadata"]!["generateName"]);
        Assert.Equal("u", (string?)pod["metadata"]!["ownerReferences"]![0]!["uid"]);
    }

    [Theory]
    [InlineData("25%", 10, true, 3)]
    [InlineData("25%", 10, false, 2)]
    [InlineData("100%", 3, true, 3)]
    [InlineData("nonsense", 3, true, 9)]
    public void Resolve_OfAPercentage_RoundsAsAsked(string value, int of, bool up, int expected) =>
        Assert.Equal(expected, Templates.Resolve(IntOrString.FromString(value), of, up, 9));

    [Fact]
    public void Resolve_OfANumberOrNothing_IsThatNumberOrTheDefault()
    {
        Assert.Equal(0, Templates.Resolve(0, 5, true, 9));
        Assert.Equal(9, Templates.Resolve(null, 5, true, 9));
    }

    [Fact]
    public void Conditions_WhoseStatusStays_KeepTheirTime()
    {
        var before = new JsonArray(Conditions.Of("Available", true, "R", "m", DateTimeOffset.UnixEpoch));
        var after = new JsonArray(Conditions.Of("Available", true, "R", "m", DateTimeOffset.UnixEpoch.AddDays(1)), Conditions.Of("Progressing", true, "R", "m", DateTimeOffset.UnixEpoch.AddDays(1)));
        Conditions.KeepTimes(before, after);
        Assert.Equal("1970-01-01T00:00:00Z", (string?)after[0]!["lastTransitionTime"]);
        Assert.Equal("1970-01-02T00:00:00Z", (string?)after[1]!["lastTransitionTime"]);
    }

    private static string Hash(string json) => Templates.Hash((JsonObject)JsonNode.Parse(json)!);
}
