using System.Collections.Immutable;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.TrafficSplits;

/// <summary>An HTTPRouteGroup: conditions, any of which takes a request.</summary>
internal sealed record RouteGroupSource(SourceMeta Meta, ImmutableArray<HttpMatch> Matches, Refusal? Refusal, ImmutableArray<Finding> Notes);
