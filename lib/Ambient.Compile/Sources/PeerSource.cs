using System.Collections.Immutable;
using Ambient.Compile.PeerAuthentication;

namespace Ambient.Compile.Sources;

/// <summary>
/// A PeerAuthentication. One that was never good reads as STRICT for whatever of its selector could be read: fail closed.
/// <paramref name="Ports"/>: sorted by port, without UNSET ones.
/// </summary>
internal sealed record PeerSource(
    SourceMeta Meta, IReadOnlyDictionary<string, string>? Selector, MtlsMode Mode, ImmutableArray<KeyValuePair<ushort, MtlsMode>> Ports,
    Refusal? Refusal);
