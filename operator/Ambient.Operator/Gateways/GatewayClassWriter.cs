using System.Text.Json.Nodes;
using System.Threading.Channels;
using Ambient.Compile.Reports;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Microsoft.Extensions.Logging;

namespace Ambient.Operator.Gateways;

/// <summary>Leader only: creates the GatewayClasses of our names where they are missing. One that is there is never changed, whoever made it.</summary>
internal sealed partial class GatewayClassWriter(KubeClient client, GatewayRoster roster, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Rarely = TimeSpan.FromMinutes(5);

    private static readonly (string Name, string Description)[] Classes =
    [
        ("ambient-waypoint", "A waypoint of the mesh, made and run by Ambient"),
        ("ambient", "A way into the mesh from outside, made and run by Ambient"),
        ("ambient-east-west", "A way into the mesh from other clusters, made and run by Ambient"),
    ];

    private readonly ResourceClient<JsonObject> _classes = client.Resource(new GroupKind("gateway.networking.k8s.io", "GatewayClass"));

    /// <summary>Creates while leading: at once, when a class goes, and every so often.</summary>
    public async Task RunAsync(CancellationToken leading)
    {
        var wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void Wake() => wake.Writer.TryWrite(true);
        roster.ClassGone += Wake;
        try
        {
            while (true)
            {
                TimeSpan wait = await TryAsync(leading) ? Rarely : Again;
                await using ITimer timer = time.CreateTimer(static wake => ((Action)wake!)(), (Action)Wake, wait, Timeout.InfiniteTimeSpan);
                await wake.Reader.ReadAsync(leading);
            }
        }
        finally
        {
            roster.ClassGone -= Wake;
        }
    }

    private async Task<bool> TryAsync(CancellationToken leading)
    {
        try
        {
            foreach ((string name, string description) in Classes.Where(c => !roster.HasClass(c.Name)))
            {
                await CreateAsync(name, description, leading);
            }

            return true;
        }
        catch (Exception e) when (e is KubeException or HttpRequestException or IOException or TimeoutException)
        {
            // The CRDs of the Gateway API may not be there yet, or never.
            if (e is not NotServedException)
            {
                LogFailed(logger, e.Message);
            }

            return false;
        }
    }

    private async Task CreateAsync(string name, string description, CancellationToken leading)
    {
        try
        {
            await _classes.CreateAsync(
                new JsonObject
                {
                    ["apiVersion"] = "gateway.networking.k8s.io/v1",
                    ["kind"] = "GatewayClass",
                    ["metadata"] = new JsonObject { ["name"] = name },
                    ["spec"] = new JsonObject { ["controllerName"] = StatusReport.Controller, ["description"] = description },
                },
                FieldManagers.Gateways, leading);
        }
        catch (KubeException e) when (e.IsAlreadyExists)
        {
            // Somebody was quicker.
        }
    }

    [LoggerMessage(181, LogLevel.Warning, "A GatewayClass could not be created: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
