using Ambient.Compile;
using Ambient.Discovery.Publishing;
using Ambient.Operator.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ambient.Operator.Indexing;

/// <summary>Hands differences to the discovery server.</summary>
internal sealed partial class PublishedMesh(MeshPublisher publisher, OperatorMetrics metrics, ILogger logger) : IMeshConsumer
{
    public void Consume(CompileDelta delta)
    {
        if (delta.Update.IsEmpty)
        {
            return;
        }

        foreach (var refused in publisher.Publish(delta.Update, delta.EnrolmentNodes))
        {
            metrics.CompileFailures.Add();
            LogNotSent(logger, refused.Name, refused.Reason);
        }

        metrics.Publishes.Add();
    }

    [LoggerMessage(102, LogLevel.Error, "{Resource} is not sent to proxies, what they have of it stays in force: {Reason}")]
    private static partial void LogNotSent(ILogger logger, string resource, string reason);
}
