using System.Collections.Immutable;
using Ambient.Compile.Routes.Reading;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.VirtualServices;

/// <summary>A tls or tcp rule; server names only for tls. Each match names the gateways that it is for.</summary>
internal sealed record WrittenStreamRule(
    RouteOrigin Origin, ImmutableArray<WrittenStreamMatch> Matches, ImmutableArray<WrittenDestination> Destinations);
