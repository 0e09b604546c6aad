using System.Collections.Immutable;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Routes.VirtualServices;

/// <summary>
/// A VirtualService, read. When the newest version was refused, the rest is the last good one's, or empty when there never was one.
/// <paramref name="Hosts"/>: full names. <paramref name="Gateways"/>: <c>mesh</c> or <c>namespace/name</c>; never empty.
/// </summary>
internal sealed record VirtualServiceSource(
    SourceMeta Meta,
    ImmutableArray<string> Hosts,
    ImmutableArray<string> Gateways,
    ImmutableArray<string> ExportTo,
    ImmutableArray<WrittenRule> Http,
    ImmutableArray<WrittenStreamRule> Tls,
    ImmutableArray<WrittenStreamRule> Tcp,
    Refusal? Refusal,
    ImmutableArray<Finding> Notes)
{
    public const string Mesh = "mesh";

    public bool InMesh => Gateways.Contains(Mesh);

    /// <summary>Without hosts it only serves as a delegate.</summary>
    public bool IsDelegate => Hosts.IsEmpty;

    public IEnumerable<ObjectKey> Delegates => Http.Select(static r => r.Delegate).OfType<ObjectKey>();
}
