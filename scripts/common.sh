# shellcheck shell=bash
# Sourced by the scripts in this folder: finds Java and Maven, builds what is missing, assembles the
# embedded Spark. It needs only Bash, coreutils, a JDK and Maven.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

# The default version of Spark and the others, each with its version of Scala.
default_spark=4.1_2.13
other_sparks=(4.2_2.13 4.0_2.13 3.5_2.13 3.5_2.12)

# Chooses the Spark to build for and to run, such as 4.1, 3.5 or 3.5_2.12.
choose_spark() {
  local name=$1
  [[ $name == *_* ]] || name+=_2.13
  case " $default_spark ${other_sparks[*]} " in
    *" $name "*) ;;
    *) fail "Invalid version of Spark: $1 (must be one of $default_spark ${other_sparks[*]}; _2.13 may be left out)" ;;
  esac
  spark_options=(-Dspark="${name%_*}")
  [[ ${name#*_} == 2.13 ]] || spark_options+=(-Dscala="${name#*_}")
  scala_version=${name#*_}
  target=$top/jobs/target
  embedded_spark=$top/.spark
  if [[ $name != "$default_spark" ]]; then
    target+=/spark-$name
    embedded_spark+=/spark-$name
  fi
  # shellcheck disable=SC2034  # used by the scripts that source this one
  jobs_jar=$target/chainrule-jobs_$name.jar
  # The list of Spark's jars, as Maven resolves them for the jobs, and the folder with links to them. The
  # folder is not under target, so that mvn clean keeps it.
  spark_list=$target/fast/spark-jars
}

# Maven and Java handle Ctrl-C themselves, which would not end the script.
trap 'exit 130' INT

fail() {
  printf '%s\n' "$1" >&2
  exit 2
}

choose_spark "${CHAINRULE_SPARK:-$default_spark}"

# Sets $java and $java_version; exports JAVA_HOME for Maven and for the executors that Spark starts.
find_java() {
  local home
  if [[ -n ${JAVA_HOME:-} ]]; then
    java=$JAVA_HOME/bin/java
    [[ -x $java ]] || fail "Chainrule needs a JDK 17 or later, but JAVA_HOME ($JAVA_HOME) has no bin/java."
    home=$JAVA_HOME
  else
    java=$(command -v java) \
      || fail "Chainrule needs a JDK 17 or later, but there is no java on the PATH and JAVA_HOME is not set."
    home=$(readlink -f "$java" || printf '%s' "$java")
    home=${home%/bin/java}
  fi
  java_version=unknown
  # A JDK has its version in a file; reading it is faster than starting Java.
  if [[ -r $home/release && $(< "$home/release") =~ JAVA_VERSION=\"([0-9][^\"]*)\" ]]; then
    java_version=${BASH_REMATCH[1]}
    export JAVA_HOME=$home
  elif [[ $("$java" -version 2>&1 || true) =~ version\ \"([0-9][^\"]*)\" ]]; then
    java_version=${BASH_REMATCH[1]}
  fi
  if ! [[ $java_version =~ ^([0-9]+) ]] || ((BASH_REMATCH[1] < 17)); then
    fail "Chainrule needs a JDK 17 or later, but $java is version $java_version."
  fi
}

# Sets java_options to the options that Spark needs with this Java.
read_java_options() {
  mapfile -t java_options < "$top/scripts/java-options"
  if ((${java_version%%[!0-9]*} >= 24)); then
    # Java 24 warns about calls of Netty and Spark, and no longer has one of the listed packages.
    java_options=("${java_options[@]/#*sun.security.action=ALL-UNNAMED/--sun-misc-unsafe-memory-access=allow}")
  fi
}

find_build_tools() {
  find_java
  if [[ -n ${JAVA_HOME:-} ]]; then
    [[ -x $JAVA_HOME/bin/javac ]] || fail "Chainrule needs a JDK 17 or later, but $JAVA_HOME is a runtime without javac."
  fi
  command -v mvn > /dev/null || fail "Chainrule needs Maven 3.8 or later, but there is no mvn on the PATH."
}

jobs_are_built() {
  local file
  [[ -f $jobs_jar && -f $spark_list && -f $target/built ]] || return 1
  shopt -s globstar nullglob
  # Folders too: if a file is deleted, only the time of its folder changes.
  for file in "$top/pom.xml" "$top"/{trainer,jobs}/{pom.xml,src/main/**} "$top/conf/reference.conf"; do
    if [[ $file -nt $target/built ]]; then
      shopt -u globstar nullglob
      return 1
    fi
  done
  shopt -u globstar nullglob
}

spark_is_assembled() {
  local jar
  [[ -f $embedded_spark/list && $(< "$embedded_spark/list") == "$(< "$spark_list")" ]] || return 1
  # Links are broken if the local Maven repository was cleared.
  for jar in "$embedded_spark"/jars/*.jar; do
    [[ -e $jar ]] || return 1
  done
}

# Updates the jobs jar and, unless SPARK_HOME is set, the embedded Spark. Starts Maven only if something
# changed.
prepare() {
  if is_prepared; then
    return
  fi
  find_build_tools
  lock
  # Another process may have built it while this one waited.
  if ! jobs_are_built || ! spark_jars_exist; then
    build
  fi
  is_prepared || assemble_spark
  unlock
}

is_prepared() {
  jobs_are_built && { [[ -n ${SPARK_HOME:-} ]] || spark_is_assembled; }
}

spark_jars_exist() {
  local jar jars
  IFS=: read -r -a jars < "$spark_list" || true
  for jar in "${jars[@]}"; do
    [[ -e $jar ]] || return 1
  done
}

build() {
  local message="Building Chainrule (first time only) …" log=$target/build.log
  [[ ! -f $target/built ]] || message="Building Chainrule (something changed) …"
  # The stamp has the time at which the build started: later edits are built the next time.
  touch "$target/building"
  if ! mvn -B -f "$top/pom.xml" "${spark_options[@]}" -Dfast package 2>&1 | show_downloads "$message" "$log"; then
    show_errors "$log"
    printf 'Cannot build Chainrule: Maven failed, its output is in %s\n' "$log" >&2
    exit 1
  fi
  mv "$target/building" "$target/built"
}

files=0
kilobytes=0

# True if the line reports a finished download of Maven; adds the download to the sums.
count_download() {
  [[ $1 =~ ^\[INFO\]\ Downloaded.*\(([0-9]+)(\.([0-9]))?[0-9]*\ ([kM]?)B ]] || return 1
  files=$((files + 1))
  case ${BASH_REMATCH[4]} in
    k) kilobytes=$((kilobytes + BASH_REMATCH[1])) ;;
    M) kilobytes=$((kilobytes + BASH_REMATCH[1] * 1024 + ${BASH_REMATCH[3]:-0} * 102)) ;;
  esac
}

downloads() {
  printf '%d files, %d MB downloaded' "$files" $((kilobytes / 1024))
}

# Copies Maven's output to a log and shows how much was downloaded: on one line of a terminal, or
# otherwise every ten seconds on a new line.
show_downloads() {
  local message=$1 log=$2 line shown=$SECONDS
  if [[ -t 2 ]]; then
    printf '%s' "$message" >&2
  else
    printf '%s\n' "$message" >&2
  fi
  while IFS= read -r line; do
    printf '%s\n' "$line"
    count_download "$line" || continue
    if [[ -t 2 ]]; then
      printf '\r%s %s' "$message" "$(downloads)" >&2
    elif ((SECONDS - shown >= 10)); then
      printf '  %s\n' "$(downloads)" >&2
      shown=$SECONDS
    fi
  done > "$log"
  if [[ -t 2 ]]; then
    printf '\n' >&2
  elif ((files > 0)); then
    printf '  %s\n' "$(downloads)" >&2
  fi
}

show_errors() {
  local line count=0
  while IFS= read -r line && ((count < 20)); do
    if [[ $line == '[ERROR]'* ]]; then
      printf '%s\n' "$line" >&2
      count=$((count + 1))
    fi
  done < "$1"
}

# The folder is complete if its list exists: an interrupted assembly starts again.
assemble_spark() {
  local jars
  IFS=: read -r -a jars < "$spark_list" || true
  rm -rf "$embedded_spark"/{list,jars,*.jsa}
  mkdir -p "$embedded_spark/jars"
  ln -s "${jars[@]}" "$embedded_spark/jars/"
  cp "$spark_list" "$embedded_spark/list"
}

# Creating a link is atomic and includes its target: the process that holds the lock.
lock() {
  local holder shown=
  mkdir -p "$target"
  until ln -s "$$" "$target/lock" 2> /dev/null; do
    holder=$(readlink "$target/lock") || continue
    if ! kill -0 "$holder" 2> /dev/null; then
      rm -f "$target/lock"
      continue
    fi
    [[ -n $shown ]] || printf 'Waiting for another build (process %s) …\n' "$holder" >&2
    shown=yes
    sleep 0.2
  done
  trap unlock EXIT
}

unlock() {
  rm -f "$target/lock"
  trap - EXIT
}
