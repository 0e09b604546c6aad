using System.Collections.Immutable;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Routes;

/// <summary>A service that routes lead to or are for. <paramref name="Key"/>: <c>namespace/hostname</c>; the ports are those that are called.</summary>
internal sealed record RouteTarget(ObjectKey Object, string Key, string Namespace, string Name, string Hostname, ImmutableArray<int> Ports);
