using System.ComponentModel;
using System.Text.Json.Nodes;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Networking;

[Open]
[Description("A route: conditions, and what happens to requests that meet them.")]
public sealed record HttpRouteRule
{
    [Description("A name for telemetry.")]
    public string? Name { get; init; }

    [Description("One must hold; none given means always.")]
    public IReadOnlyList<HttpMatch>? Match { get; init; }

    [Description("Destinations, by weight.")]
    public IReadOnlyList<HttpRouteDestination>? Route { get; init; }

    [Description("Answers with a redirect instead.")]
    public JsonObject? Redirect { get; init; }

    [Description("Answers with a fixed response instead.")]
    public JsonObject? DirectResponse { get; init; }

    [Description("Another VirtualService that goes on from here.")]
    public JsonObject? Delegate { get; init; }

    [Description("Changes path or authority before forwarding.")]
    public JsonObject? Rewrite { get; init; }

    [Description("Time for the whole request, for example 5s.")]
    public string? Timeout { get; init; }

    [Description("When and how often to try again.")]
    public HttpRetry? Retries { get; init; }

    [Description("Delays and aborts a share of requests on purpose.")]
    public JsonObject? Fault { get; init; }

    [Description("Gets a copy of the requests; its answers are thrown away.")]
    public Destination? Mirror { get; init; }

    [Description("Share of requests that are copied.")]
    public JsonObject? MirrorPercentage { get; init; }

    [Description("The same as a whole number, by its old name.")]
    public int? MirrorPercent { get; init; }

    [Description("Several mirrors, each with its share.")]
    public IReadOnlyList<JsonObject>? Mirrors { get; init; }

    [Description("Answers of cross-origin checks.")]
    public JsonObject? CorsPolicy { get; init; }

    [Description("Headers to set, add and remove.")]
    public JsonObject? Headers { get; init; }
}
