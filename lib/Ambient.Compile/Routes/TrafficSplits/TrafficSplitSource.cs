using System.Collections.Immutable;
using Ambient.Compile.Reports;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Routes.TrafficSplits;

/// <summary>
/// A TrafficSplit, read. <paramref name="Host"/>: full name of the root, empty when there never was a good version. <paramref name="Groups"/>: HTTPRouteGroups and
/// the names of their matches; none: all requests.
/// </summary>
internal sealed record TrafficSplitSource(
    SourceMeta Meta,
    string Host,
    ImmutableArray<WrittenDestination> Backends,
    ImmutableArray<ObjectKey> Groups,
    Refusal? Refusal,
    ImmutableArray<Finding> Notes);
