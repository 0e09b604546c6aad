using System.Globalization;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources;

/// <summary>util/intstr: a number or a name, e.g. a target port.</summary>
[JsonConverter(typeof(IntOrStringConverter))]
public readonly record struct IntOrString(int? Number, string? Text)
{
    public static implicit operator IntOrString(int number) => new(number, null);

    public static implicit operator IntOrString(string text) => new(null, text);

    public static IntOrString FromInt32(int number) => number;

    public static IntOrString FromString(string text) => text;

    public override string ToString() => Text ?? Number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
