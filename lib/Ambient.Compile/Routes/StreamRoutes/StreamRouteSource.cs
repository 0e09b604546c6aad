using System.Collections.Immutable;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.StreamRoutes;

/// <summary>The rules of a TLSRoute or TCPRoute. Of a refused one the last good rules stand.</summary>
internal sealed record StreamRouteSource(SourceMeta Meta, ImmutableArray<(RouteOrigin Origin, ImmutableArray<WrittenDestination> Destinations)> Rules, Refusal? Refusal);
