namespace Ambient.Waypoint.Tests.Telemetry.Tracing;

/// <summary>A span as a receiver gets it (opentelemetry.proto.trace.v1.Span), with its resource.</summary>
internal sealed record SentSpan(
    string Trace, string Id, string Parent, string Name, ulong Kind, TimeSpan Duration, ulong Status,
    IReadOnlyDictionary<string, string> Tags, IReadOnlyDictionary<string, string> Resource)
{
    internal const ulong Server = 2, Client = 3, Error = 2;

    /// <param name="request">opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest.</param>
    internal static IEnumerable<SentSpan> Of(ReadOnlySpan<byte> request) => [.. new ProtoReader(request).Messages(1).SelectMany(static resource =>
        resource.Messages(2).SelectMany(static scope => scope.Messages(2)).Select(span => Of(span, Attributes(resource.Messages(1).Single(), 1))))];

    private static SentSpan Of(ProtoReader span, IReadOnlyDictionary<string, string> resource) => new(
        span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), span.Number(6), TimeSpan.FromTicks((long)(span.Number(8) - span.Number(7)) / 100),
        span.Messages(15).Select(static s => s.Number(3)).FirstOrDefault(), Attributes(span, 9), resource);

    private static Dictionary<string, string> Attributes(ProtoReader holder, int field) => holder.Messages(field).ToDictionary(
        static a => a.Text(1), static a => a.Messages(2).Select(static v => v.Text(1) is { Length: > 0 } text ? text : $"{v.Number(3)}").Single());
}
