using Ambient.Core.Routes;
using Ambient.Routing.Rewriting;

namespace Ambient.Routing.Tests.Rewriting;

public class HeaderChangesTests
{
    [Fact]
    public void Changes_OfBackendAndRule_BackendFirstRemoveSetAdd()
    {
        HttpRule rule = RouteText.Rule("r") with { RequestHeaders = Change("rule") };
        WeightedBackend backend = RouteText.Backend("b") with { RequestHeaders = Change("backend") };
        Recorder seen = new();
        HeaderChanges.ApplyToRequest(rule, backend, seen);
        Assert.Equal(
            ["-backend-r", "=backend-s", "+backend-a", "-rule-r", "=rule-s", "+rule-a"], seen.Done);
    }

    [Fact]
    public void Changes_OfResponse_AreNotThoseOfTheRequest()
    {
        HttpRule rule = RouteText.Rule("r") with { RequestHeaders = Change("q"), ResponseHeaders = Change("s") };
        Recorder seen = new();
        HeaderChanges.ApplyToResponse(rule, null, seen);
        Assert.Equal(["-s-r", "=s-s", "+s-a"], seen.Done);
    }

    private static HeaderChange Change(string name) => new()
    {
        Add = [new HeaderValue($"{name}-a", "1")],
        Set = [new HeaderValue($"{name}-s", "1")],
        Remove = [$"{name}-r"],
    };

    private sealed class Recorder : IHeaderEditor
    {
        public List<string> Done { get; } = [];

        public void Remove(string name) => Done.Add("-" + name);

        public void Replace(string name, string value) => Done.Add("=" + name);

        public void Append(string name, string value) => Done.Add("+" + name);
    }
}
