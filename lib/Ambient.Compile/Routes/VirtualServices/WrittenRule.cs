using System.Collections.Immutable;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.VirtualServices;

/// <summary>
/// An http rule of a VirtualService with its destinations still as written. <paramref name="Rule"/>: complete but for matches and, when it
/// forwards, action and mirrors. <paramref name="Delegate"/>: another VirtualService that goes on from here.
/// </summary>
internal sealed record WrittenRule(
    string Path,
    HttpRule Rule,
    ImmutableArray<WrittenMatch> Matches,
    ImmutableArray<WrittenDestination> Destinations,
    ImmutableArray<WrittenMirror> Mirrors,
    ObjectKey? Delegate);
