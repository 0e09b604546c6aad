using System.IO.Pipelines;

namespace Ambient.Waypoint.Listening;

/// <summary>
/// A connection's pipes as Kestrel gets them. That Kestrel reads no more is kept from the connection, whose reader would reset it: over HTTP/2 Kestrel
/// stops reading right after its GOAWAY, and a reset would take that from a client who has not read it yet.
/// </summary>
internal sealed class FrontPipes(IDuplexPipe pipes) : IDuplexPipe
{
    public PipeReader Input { get; } = new Reader(pipes.Input);

    public PipeWriter Output => pipes.Output;

    private sealed class Reader(PipeReader inner) : PipeReader
    {
        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => inner.ReadAsync(cancellationToken);

        public override bool TryRead(out ReadResult result) => inner.TryRead(out result);

        public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null)
        {
        }
    }
}
