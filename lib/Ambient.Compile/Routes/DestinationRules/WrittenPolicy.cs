using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.DestinationRules;

/// <summary>A trafficPolicy with only what is written in it.</summary>
internal sealed record WrittenPolicy(
    LoadBalancer? LoadBalancer, ConnectionPool? ConnectionPool, OutlierDetection? OutlierDetection, UpstreamTls? Tls, RetryBudget? RetryBudget)
{
    /// <summary>Fields of this one replace those of <paramref name="inherited"/>, each whole.</summary>
    public TrafficPolicy Over(TrafficPolicy inherited) => inherited with
    {
        LoadBalancer = LoadBalancer ?? inherited.LoadBalancer,
        ConnectionPool = ConnectionPool ?? inherited.ConnectionPool,
        OutlierDetection = OutlierDetection ?? inherited.OutlierDetection,
        Tls = Tls ?? inherited.Tls,
        RetryBudget = RetryBudget ?? inherited.RetryBudget,
    };
}
