using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Discovery.Codec.Resources;

/// <summary>Immutable maps by text (compared by ordinal) or number, none of whose values is null. Written in the order of their keys.</summary>
internal sealed class MapConverters : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsGenericType
        && (typeToConvert.GetGenericTypeDefinition() == typeof(ImmutableDictionary<,>) || typeToConvert.GetGenericTypeDefinition() == typeof(ImmutableSortedDictionary<,>))
        && (typeToConvert.GenericTypeArguments[0] == typeof(string) || typeToConvert.GenericTypeArguments[0] == typeof(int));

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options)
    {
        Type[] types = typeToConvert.GenericTypeArguments;
        bool sorted = typeToConvert.GetGenericTypeDefinition() == typeof(ImmutableSortedDictionary<,>);
        Type converter = types[0] == typeof(string)
            ? (sorted ? typeof(SortedByText<>) : typeof(ByText<>))
            : (sorted ? typeof(SortedByNumber<>) : typeof(ByNumber<>));
        return (JsonConverter)Activator.CreateInstance(converter.MakeGenericType(types[1]))!;
    }

    private abstract class Map<TMap, TKey, TValue> : JsonConverter<TMap> where TMap : IReadOnlyDictionary<TKey, TValue> where TKey : notnull
    {
        protected abstract TMap Of(Dictionary<TKey, TValue> entries);

        protected abstract TKey KeyOf(string text);

        protected abstract IComparer<TKey> Order { get; }

        public override TMap Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw new JsonException("is not a map");
            }

            var entries = new Dictionary<TKey, TValue>();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string key = reader.GetString()!;
                reader.Read();
                if (!entries.TryAdd(KeyOf(key), JsonSerializer.Deserialize<TValue>(ref reader, options) is { } value ? value : throw new JsonException("holds null")))
                {
                    throw new JsonException("has a key twice");
                }
            }

            return Of(entries);
        }

        public override void Write(Utf8JsonWriter writer, TMap value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            foreach (var (key, item) in value.OrderBy(static e => e.Key, Order))
            {
                writer.WritePropertyName(Convert.ToString(key, CultureInfo.InvariantCulture)!);
                JsonSerializer.Serialize(writer, item, options);
            }

            writer.WriteEndObject();
        }

        protected static int Number(string text) =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : throw new JsonException("has a key that is no number");
    }

    private sealed class ByText<T> : Map<ImmutableDictionary<string, T>, string, T>
    {
        protected override IComparer<string> Order => StringComparer.Ordinal;

        protected override ImmutableDictionary<string, T> Of(Dictionary<string, T> entries) => entries.ToImmutableDictionary(StringComparer.Ordinal);

        protected override string KeyOf(string text) => text;
    }

    private sealed class SortedByText<T> : Map<ImmutableSortedDictionary<string, T>, string, T>
    {
        protected override IComparer<string> Order => StringComparer.Ordinal;

        protected override ImmutableSortedDictionary<string, T> Of(Dictionary<string, T> entries) => entries.ToImmutableSortedDictionary(StringComparer.Ordinal);

        protected override string KeyOf(string text) => text;
    }

    private sealed class ByNumber<T> : Map<ImmutableDictionary<int, T>, int, T>
    {
        protected override IComparer<int> Order => Comparer<int>.Default;

        protected override ImmutableDictionary<int, T> Of(Dictionary<int, T> entries) => entries.ToImmutableDictionary();

        protected override int KeyOf(string text) => Number(text);
    }

    private sealed class SortedByNumber<T> : Map<ImmutableSortedDictionary<int, T>, int, T>
    {
        protected override IComparer<int> Order => Comparer<int>.Default;

        protected override ImmutableSortedDictionary<int, T> Of(Dictionary<int, T> entries) => entries.ToImmutableSortedDictionary();

        protected override int KeyOf(string text) => Number(text);
    }
}
