using System.Collections.Immutable;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Services;
using Ambient.Core.Telemetry;
using Ambient.Core.Workloads;
using Ambient.Policy.Telemetry;

namespace Ambient.Policy.Tests.Telemetry;

public sealed class TelemetryMergeTests
{
    private static readonly MeshTelemetry Mesh = new()
    {
        SamplingPercentage = 1,
        Providers = [new("default", "otel:4317", TracingProtocol.Grpc), new("other", "otel:4318", TracingProtocol.Http)],
    };

    private static readonly TelemetrySubject Subject = new()
    {
        Proxy = new("shop", "waypoint"),
        Service = new MeshService { Name = "orders", Namespace = "shop", Hostname = "orders.shop.svc.cluster.local" },
        Destination = new Workload { Uid = "u", Name = "orders-1", Namespace = "shop", Labels = Labels(("app", "orders")) },
    };

    [Fact]
    public void Nothing_Said_IsTheMesh()
    {
        EffectiveTelemetry telemetry = TelemetryMerge.Of([], Mesh, Subject);

        Assert.Equal(("default", 1, true, null), (telemetry.Provider?.Name, telemetry.SamplingPercentage, telemetry.AccessLog, telemetry.Metrics));
    }

    [Fact]
    public void Levels_FieldByField_TheNearerWins()
    {
        TelemetryPolicy root = Policy("ambient-system/mesh", RequestPolicyTargetKind.Mesh) with
        {
            Tracing = [new TracingRule { SamplingPercentage = 10, Providers = ["other"], CustomTags = [new("a", CustomTagSource.Literal, "1")] }],
        };
        TelemetryPolicy ns = Policy("shop/all", RequestPolicyTargetKind.Namespace, "shop") with { Tracing = [new TracingRule { SamplingPercentage = 50 }] };
        TelemetryPolicy gateway = Policy("shop/way", RequestPolicyTargetKind.Gateway, "shop/waypoint") with { AccessLog = [new AccessLogRule { Filter = "response.code >= 400" }] };
        TelemetryPolicy service = Policy("shop/svc", RequestPolicyTargetKind.Service, "shop/orders.shop.svc.cluster.local") with { AccessLog = [new AccessLogRule { Disabled = true }] };
        TelemetryPolicy elsewhere = Policy("web/all", RequestPolicyTargetKind.Namespace, "web") with { Tracing = [new TracingRule { SamplingPercentage = 99 }] };

        EffectiveTelemetry telemetry = TelemetryMerge.Of([service, elsewhere, gateway, ns, root], Mesh, Subject);
        EffectiveTelemetry others = TelemetryMerge.Of([service, elsewhere, gateway, ns, root], Mesh, Subject with { Service = null });

        Assert.Equal(("other", 50, false), (telemetry.Provider?.Name, telemetry.SamplingPercentage, telemetry.AccessLog));
        Assert.Equal("a", Assert.Single(telemetry.CustomTags).Name);
        Assert.True(others.AccessLog);
        Assert.NotNull(others.Filter);
    }

    [Fact]
    public void SameLevel_Twice_TheOldestAlone()
    {
        TelemetryPolicy old = Policy("shop/z", RequestPolicyTargetKind.Namespace, "shop") with { Created = 1, AccessLog = [new AccessLogRule { Disabled = true }] };
        TelemetryPolicy young = Policy("shop/a", RequestPolicyTargetKind.Namespace, "shop") with { Created = 2, Tracing = [new TracingRule { SamplingPercentage = 5 }] };

        EffectiveTelemetry telemetry = TelemetryMerge.Of([young, old], Mesh, Subject);

        Assert.Equal((false, 1), (telemetry.AccessLog, telemetry.SamplingPercentage));
    }

    [Theory]
    [InlineData("shop", "app=orders", true)]
    [InlineData("", "app=orders", true)]
    [InlineData("web", "app=orders", false)]
    [InlineData("shop", "app=payment", false)]
    [InlineData("shop", "gateway=waypoint", true)]
    public void Selector_OfDestinationOrProxy_IsMeant(string ns, string label, bool meant)
    {
        TelemetryPolicy policy = Policy("shop/sel", RequestPolicyTargetKind.Selected, ns) with
        {
            Selector = Labels((label.Split('=')[0], label.Split('=')[1])),
            AccessLog = [new AccessLogRule { Disabled = true }],
        };

        Assert.Equal(!meant, TelemetryMerge.Of([policy], Mesh, Subject with { ProxyLabels = Labels(("gateway", "waypoint")) }).AccessLog);
    }

    [Theory]
    [InlineData(TelemetryMode.Server, false, false)]
    [InlineData(TelemetryMode.Client, false, true)]
    [InlineData(TelemetryMode.Client, true, false)]
    [InlineData(TelemetryMode.ClientAndServer, true, false)]
    public void Mode_OfTheRule_IsTheSideOfTheProxy(TelemetryMode mode, bool gateway, bool logged)
    {
        TelemetryPolicy policy = Policy("shop/all", RequestPolicyTargetKind.Namespace, "shop") with { AccessLog = [new AccessLogRule { Mode = mode, Disabled = true }] };

        Assert.Equal(logged, TelemetryMerge.Of([policy], Mesh, Subject with { IsGateway = gateway }).AccessLog);
    }

    [Fact]
    public void Overrides_OfMetrics_AddUp()
    {
        TelemetryPolicy root = Policy("ambient-system/mesh", RequestPolicyTargetKind.Mesh) with
        {
            Metrics = [new MetricRule { Tags = Tags(("source_app", new TagOverride(true)), ("method", new TagOverride(false, "request.method"))) }],
        };
        TelemetryPolicy ns = Policy("shop/all", RequestPolicyTargetKind.Namespace, "shop") with
        {
            Metrics = [new MetricRule { Metric = "REQUEST_SIZE", Disabled = true }, new MetricRule { Metric = "REQUEST_COUNT", Tags = Tags(("method", new TagOverride(true))) }],
        };

        EffectiveTelemetry telemetry = TelemetryMerge.Of([root, ns], Mesh, Subject);

        Assert.True(telemetry.PlanOf(IstioMetrics.RequestBytes).Disabled);
        Assert.Equal(["method", "source_app"], telemetry.PlanOf(IstioMetrics.Requests).Removed);
        Assert.Equal(["method"], telemetry.PlanOf(IstioMetrics.Duration).Set.Keys);
    }

    [Fact]
    public void Reporting_Disabled_HasNoProvider() =>
        Assert.Null(TelemetryMerge.Of(
            [Policy("shop/all", RequestPolicyTargetKind.Namespace, "shop") with { Tracing = [new TracingRule { DisableSpanReporting = true }] }], Mesh, Subject).Provider);

    [Fact]
    public void Provider_NotDeclared_IsNone() =>
        Assert.Null(TelemetryMerge.Of(
            [Policy("shop/all", RequestPolicyTargetKind.Namespace, "shop") with { Tracing = [new TracingRule { Providers = ["zipkin"] }] }], Mesh, Subject).Provider);

    private static TelemetryPolicy Policy(string name, RequestPolicyTargetKind kind, string key = "") => new()
    {
        Name = new(name.Split('/')[0], name.Split('/')[1]),
        Targets = [new RequestPolicyTarget(kind, key)],
    };

    private static ImmutableSortedDictionary<string, string> Labels(params (string Name, string Value)[] labels) =>
        labels.ToImmutableSortedDictionary(static l => l.Name, static l => l.Value, StringComparer.Ordinal);

    private static ImmutableSortedDictionary<string, TagOverride> Tags(params (string Name, TagOverride Tag)[] tags) =>
        tags.ToImmutableSortedDictionary(static t => t.Name, static t => t.Tag, StringComparer.Ordinal);
}
