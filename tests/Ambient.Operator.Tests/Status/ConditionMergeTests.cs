using System.Text.Json.Nodes;
using Ambient.Compile.Reports;
using Ambient.Operator.Status;
using Ambient.Testing;

namespace Ambient.Operator.Tests.Status;

public sealed class ConditionMergeTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Merge_Nothing_WritesOursWithTimeAndGeneration()
    {
        JsonArray merged = Merge(null, Report(3, Condition.True("Accepted", "Ok", "fine")))!;
        Assert.Equal(
            """[{"type":"Accepted","status":"True","reason":"Ok","message":"fine","observedGeneration":3,"lastTransitionTime":"2030-05-17T09:30:00Z"}]""",
            merged.ToJsonString());
    }

    [Fact]
    public void Merge_Same_WritesNothing()
    {
        StatusReport report = Report(3, Condition.True("Accepted", "Ok", "fine"));
        JsonArray standing = Merge(null, report)!;
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Null(Merge(Reparsed(standing), report));
    }

    [Fact]
    public void Merge_OtherReason_KeepsTheTransitionTime()
    {
        JsonArray standing = Reparsed(Merge(null, Report(3, Condition.False("Accepted", "Bad", "x")))!);
        _time.Advance(TimeSpan.FromHours(1));
        JsonNode same = Merge(standing, Report(4, Condition.False("Accepted", "Worse", "y")))!.Single()!;
        JsonNode flipped = Merge(standing, Report(4, Condition.True("Accepted", "Ok", "y")))!.Single()!;
        Assert.Equal("2030-05-17T09:30:00Z", (string?)same["lastTransitionTime"]);
        Assert.Equal("2030-05-17T10:30:00Z", (string?)flipped["lastTransitionTime"]);
    }

    [Fact]
    public void Merge_OthersConditions_AreLeftAlone()
    {
        var standing = (JsonArray)JsonNode.Parse("""[{"type":"Theirs","status":"True"},{"type":"Old","status":"True"}]""")!;
        JsonArray merged = ConditionMerge.Merge(standing, [Condition.True("Accepted", "Ok", "")], 1, new HashSet<string> { "Old" }, _time.GetUtcNow())!;
        Assert.Equal(["Theirs", "Accepted"], merged.Select(c => (string?)c!["type"]));
    }

    private JsonArray? Merge(JsonArray? standing, StatusReport report) =>
        ConditionMerge.Merge(standing, report.Conditions, report.Generation, new HashSet<string>(), _time.GetUtcNow());

    // As it comes from the server: numbers without a type.
    private static JsonArray Reparsed(JsonArray array) => (JsonArray)JsonNode.Parse(array.ToJsonString())!;

    private static StatusReport Report(long generation, params Condition[] conditions) => new()
    {
        ApiVersion = "security.istio.io/v1",
        Kind = "AuthorizationPolicy",
        Namespace = "shop",
        Name = "a",
        Generation = generation,
        Conditions = [.. conditions],
    };
}
