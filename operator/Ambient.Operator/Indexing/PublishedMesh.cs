using Ambient.Compile;
using Ambient.Discovery.Publishing;
using Ambient.Operator.Telemetry;

namespace Ambient.Operator.Indexing;

/// <summary>Hands differences to the discovery server.</summary>
internal sealed class PublishedMesh(MeshPublisher publisher, OperatorMetrics metrics) : IMeshConsumer
{
    public void Consume(CompileDelta delta)
    {
        if (!delta.Update.IsEmpty)
        {
            publisher.Publish(delta.Update, delta.EnrolmentNodes);
            metrics.Publishes.Add();
        }
    }
}
